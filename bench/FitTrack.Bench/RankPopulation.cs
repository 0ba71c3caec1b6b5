using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using Npgsql;

namespace FitTrack.Bench;

/// <summary>
/// Members straight in the tables, as many as are asked for: on the week's boards over the 31 tiers, on the board of all time
/// together in <see cref="OneTier"/>, so that both many boards and one of every size can be measured.
/// </summary>
internal sealed class RankPopulation(NpgsqlDataSource database)
{
    public const string OneTier = "OPEN";

    private const string Rows = """
        WITH made AS (
            INSERT INTO users (id, email, normalized_email, password_hash, role, status, email_verified_at, date_of_birth, state, security_stamp, created_at, updated_at, activated_at, version)
            SELECT gen_random_uuid(), 'bench' || n || '@fittrack.example', 'bench' || n || '@fittrack.example', $3, 'user', 'active', $4, '1990-04-12', 'CA', 'bench' || n, $4, $4, $4, 1
            FROM generate_series($1, $2) AS n
            RETURNING id, substr(security_stamp, 6)::int AS n
        ), named AS (
            INSERT INTO profiles (user_id, display_name, normalized_display_name, fitness_level, time_zone, open_tier_opt_in, visibility, show_tier, show_points, show_badges, show_rank, tier_code, tier_changed_at, created_at, updated_at)
            SELECT id, 'Bench ' || n || 'x', 'bench ' || n || 'x', 'intermediate', 'America/New_York', false, 'public', true, true, true, true, ($5::text[])[1 + n % 31], $4, $4, $4 FROM made
        )
        INSERT INTO leaderboard_scores (user_id, period_kind, period_start, tier_code, points, reached_at)
        SELECT id, kind, start, tier, 1 + (n::bigint * 7919 % 99991), $4 + n * interval '1 microsecond'
        FROM made CROSS JOIN LATERAL (VALUES ('weekly', $6::date, ($5::text[])[1 + n % 31]), ('alltime', $7::date, $8)) AS boards(kind, start, tier)
        """;

    private int _members;

    public static string TierOf(int member) => TierCode.All[member % TierCode.All.Count].Value;

    public async Task GrowAsync(int members, CompetitionCalendar calendar)
    {
        var now = TimeProvider.System.Now();
        await using var insert = database.CreateCommand(Rows);
        insert.CommandTimeout = 900;
        insert.Parameters.AddWithValue(_members);
        insert.Parameters.AddWithValue(members - 1);
        insert.Parameters.AddWithValue(Bcrypt.Hash(Population.Password, Population.CheapCost));
        insert.Parameters.AddWithValue(now.AddDays(-1));
        insert.Parameters.AddWithValue(TierCode.All.Select(t => t.Value).ToArray());
        insert.Parameters.AddWithValue(calendar.Current(PeriodKind.Weekly, now).Start);
        insert.Parameters.AddWithValue(Period.AlltimeStart);
        insert.Parameters.AddWithValue(OneTier);
        await insert.ExecuteNonQueryAsync();
        await using var analyse = database.CreateCommand("VACUUM ANALYZE leaderboard_scores, profiles, users");
        analyse.CommandTimeout = 900;
        await analyse.ExecuteNonQueryAsync();
        _members = members;
    }

    public async Task<Guid> IdAsync(int member)
    {
        await using var find = database.CreateCommand("SELECT id FROM users WHERE normalized_email = $1");
        find.Parameters.AddWithValue(Population.Email(member));
        return (Guid)(await find.ExecuteScalarAsync())!;
    }
}
