namespace FitTrack.Web.Components.Administration;

/// <summary>What the Api's roles and statuses are called.</summary>
internal static class MemberWords
{
    public static (string Value, string Text)[] Roles => [("user", Text.RoleUser), ("premium", Text.RolePremium), ("admin", Text.RoleAdmin)];

    public static (string Value, string Text)[] Statuses => [("pending", Text.StatusPending), ("active", Text.StatusActive), ("suspended", Text.StatusSuspended)];

    public static string Of((string Value, string Text)[] words, string value) => Array.Find(words, w => w.Value == value).Text ?? value;

    public static string Kind(string status) => status switch { "active" => "good", "suspended" => "bad", _ => "warn" };
}
