using FitTrack.Web.Api;
using FitTrack.Web.Components.Shared;

namespace FitTrack.Web.Components.Fulfillments;

/// <summary>How the states of a prize read and look, and where a parcel can be followed.</summary>
internal static class PrizeStates
{
    /// <summary>The Api's codes in the order in which a prize goes through them.</summary>
    public static IReadOnlyList<(string Value, string Text)> All =>
    [
        ("winner_notified", Text.StateNotified), ("address_confirmed", Text.StateConfirmed), ("shipped", Text.StateShipped),
        ("delivered", Text.StateDelivered), ("forfeited", Text.StateForfeited), ("returned_to_sponsor", Text.StateReturned),
    ];

    public static string Of(string status) => All.FirstOrDefault(s => s.Value == status).Text ?? Show.Words(status);

    public static string Kind(string status) => status switch
    {
        "winner_notified" => "track",
        "delivered" => "good",
        "forfeited" or "returned_to_sponsor" => "bad",
        _ => "warn",
    };

    /// <summary>The carrier's page; null for a carrier that is not known here.</summary>
    public static string? TrackingPage(WonPrize prize) => prize.TrackingNumber is not { } number ? null : prize.Carrier?.Trim().ToUpperInvariant() switch
    {
        "UPS" => "https://www.ups.com/track?tracknum=" + Uri.EscapeDataString(number),
        "USPS" => "https://tools.usps.com/go/TrackConfirmAction?tLabels=" + Uri.EscapeDataString(number),
        "FEDEX" => "https://www.fedex.com/fedextrack/?trknbr=" + Uri.EscapeDataString(number),
        "DHL" => "https://www.dhl.com/us-en/home/tracking.html?tracking-id=" + Uri.EscapeDataString(number),
        _ => null,
    };
}
