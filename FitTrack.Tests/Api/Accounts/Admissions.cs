using System.Text.RegularExpressions;

namespace FitTrack.Tests.Api.Accounts;

/// <summary>Who may call an operation.</summary>
internal enum Admission
{
    /// <summary>Without sign-in too.</summary>
    Everybody,

    /// <summary>Whoever is signed in; what has an owner answers nobody else.</summary>
    Members,

    Admins,
}

/// <summary>Every operation of the OpenAPI document and who may call it. A new operation is written here, or the build fails.</summary>
internal static partial class Admissions
{
    public static readonly IReadOnlyDictionary<string, Admission> All = Read();

    private const string Text = """
        Everybody
        GET    /.well-known/draw-keys.json
        GET    /.well-known/jwks.json
        POST   /api/v1/auth/forgot-password
        POST   /api/v1/auth/login
        POST   /api/v1/auth/refresh
        POST   /api/v1/auth/register
        POST   /api/v1/auth/resend-verification
        POST   /api/v1/auth/reset-password
        POST   /api/v1/auth/verify-email
        POST   /api/v1/users
        GET    /api/v1/exports/{ticket}
        GET    /api/v1/drawings
        GET    /api/v1/drawings/{id}
        GET    /api/v1/drawings/{id}/proof
        GET    /api/v1/drawings/{id}/results
        GET    /api/v1/drawings/{id}/rules
        GET    /api/v1/drawings/{id}/tickets/{number}/proof
        GET    /api/v1/drawings/rules
        GET    /api/v1/drawings/rules/{version}
        GET    /api/v1/points/ledger-roots
        GET    /api/v1/winners
        POST   /api/v1/webhooks/terra
        GET    /api/v1/webhooks/strava/{key}
        POST   /api/v1/webhooks/strava/{key}
        GET    /api/v1/connections/{provider}/callback

        Members
        POST   /api/v1/auth/logout
        POST   /api/v1/auth/logout-all
        GET    /api/v1/users/me
        PUT    /api/v1/users/me
        DELETE /api/v1/users/me
        PUT    /api/v1/users/me/profile
        GET    /api/v1/users/me/export
        POST   /api/v1/users/me/import
        GET    /api/v1/users/{id}/public
        GET    /api/v1/users/me/badges
        PUT    /api/v1/users/me/password
        GET    /api/v1/users/me/sessions
        DELETE /api/v1/users/me/sessions/{id}
        GET    /api/v1/users/me/two-factor
        POST   /api/v1/users/me/two-factor
        DELETE /api/v1/users/me/two-factor
        GET    /api/v1/users/me/limits
        PUT    /api/v1/users/me/limits
        GET    /api/v1/activities
        POST   /api/v1/activities
        GET    /api/v1/activities/summary
        GET    /api/v1/activities/{id}
        PATCH  /api/v1/activities/{id}
        DELETE /api/v1/activities/{id}
        GET    /api/v1/activities/{id}/receipt
        PUT    /api/v1/activities/{id}/pairing
        POST   /api/v1/activities/{id}/appeal
        GET    /api/v1/connections
        POST   /api/v1/connections/{provider}/initiate
        POST   /api/v1/connections/{provider}/callback
        PUT    /api/v1/connections/{provider}/set-primary
        POST   /api/v1/connections/{provider}/sync
        DELETE /api/v1/connections/{provider}
        POST   /api/v1/drawings/{id}/tickets
        POST   /api/v1/drawings/{id}/free-entry
        GET    /api/v1/drawings/{id}/entry
        GET    /api/v1/fulfillments
        GET    /api/v1/fulfillments/{id}
        PUT    /api/v1/fulfillments/{id}/address
        GET    /api/v1/imports
        POST   /api/v1/imports
        GET    /api/v1/imports/{id}
        DELETE /api/v1/imports/{id}
        GET    /api/v1/leaderboards/live
        GET    /api/v1/leaderboards/tiers
        GET    /api/v1/leaderboards/{kind}
        GET    /api/v1/home
        GET    /api/v1/notifications
        GET    /api/v1/notifications/choices
        PUT    /api/v1/notifications/choices
        POST   /api/v1/notifications/read
        GET    /api/v1/points/balance
        GET    /api/v1/points/days
        GET    /api/v1/points/transactions
        GET    /api/v1/tickets
        POST   /api/v1/tickets

        Admins
        GET    /api/v1/admin/audit
        GET    /api/v1/admin/drawing-templates
        POST   /api/v1/admin/drawing-templates
        GET    /api/v1/admin/drawing-templates/{id}
        PUT    /api/v1/admin/drawing-templates/{id}
        DELETE /api/v1/admin/drawing-templates/{id}
        GET    /api/v1/admin/drawings
        POST   /api/v1/admin/drawings
        GET    /api/v1/admin/drawings/prize-value
        POST   /api/v1/admin/drawings/rules
        GET    /api/v1/admin/drawings/{id}
        PUT    /api/v1/admin/drawings/{id}
        POST   /api/v1/admin/drawings/{id}/cancel
        POST   /api/v1/admin/drawings/{id}/close
        POST   /api/v1/admin/drawings/{id}/execute
        POST   /api/v1/admin/drawings/{id}/free-entries
        POST   /api/v1/admin/drawings/{id}/open
        POST   /api/v1/admin/drawings/{id}/schedule
        GET    /api/v1/admin/fulfillments
        POST   /api/v1/admin/fulfillments/deliver
        GET    /api/v1/admin/fulfillments/export
        POST   /api/v1/admin/fulfillments/ship
        GET    /api/v1/admin/fulfillments/{id}
        POST   /api/v1/admin/fulfillments/{id}/deliver
        POST   /api/v1/admin/fulfillments/{id}/forfeit
        POST   /api/v1/admin/fulfillments/{id}/return
        POST   /api/v1/admin/fulfillments/{id}/ship
        GET    /api/v1/admin/jobs
        POST   /api/v1/admin/leaderboards/clear
        POST   /api/v1/admin/points/adjust
        GET    /api/v1/admin/reviews
        GET    /api/v1/admin/reviews/corrections
        POST   /api/v1/admin/reviews/corrections/{userId}/{day}/release
        POST   /api/v1/admin/reviews/{id}/decision
        GET    /api/v1/admin/sponsors
        POST   /api/v1/admin/sponsors
        GET    /api/v1/admin/sponsors/{id}
        PUT    /api/v1/admin/sponsors/{id}
        DELETE /api/v1/admin/sponsors/{id}
        GET    /api/v1/admin/users
        GET    /api/v1/admin/users/{id}
        PUT    /api/v1/admin/users/{id}
        DELETE /api/v1/admin/users/{id}
        GET    /api/v1/users
        GET    /api/v1/users/{id}
        PUT    /api/v1/users/{id}
        DELETE /api/v1/users/{id}
        GET    /api/v1/reports/fairness
        GET    /api/v1/reports/integrity
        GET    /api/v1/reports/summary
        """;

    /// <summary>The path with something in the place of its parameters: an id, or what the parameter's name asks for.</summary>
    public static string Fill(string path, Guid id) => Parameter().Replace(path, match => match.Groups["name"].Value switch
    {
        "number" or "version" => "1",
        "provider" => "garmin",
        "kind" or "period" => "weekly",
        "day" => "2026-11-18",
        _ => id.ToString(),
    });

    private static Dictionary<string, Admission> Read()
    {
        var all = new Dictionary<string, Admission>(StringComparer.Ordinal);
        var admission = Admission.Everybody;
        foreach (var line in Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Enum.TryParse(line, out Admission next))
                all.Add(string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), admission);
            else
                admission = next;
        }

        return all;
    }

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();
}
