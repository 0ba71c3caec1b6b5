using FitTrack.Core.Accounts;

namespace FitTrack.Core.Drawings.Publishing;

/// <summary>How winners are named in public: members who hide are not.</summary>
public static class WinnerNames
{
    public const string Hidden = "Hidden member";

    public static string PublicName(this MemberCard? card) => card is { IsHidden: false } ? card.DisplayName : Hidden;
}
