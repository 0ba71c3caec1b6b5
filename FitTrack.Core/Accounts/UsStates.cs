using System.Collections.Frozen;

namespace FitTrack.Core.Accounts;

/// <summary>Postal codes of the 50 states and the District of Columbia.</summary>
public static class UsStates
{
    public static readonly FrozenSet<string> Codes = (
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
