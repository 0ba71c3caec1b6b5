namespace FitTrack.Web.Components.Drawings;

/// <summary>The Api's codes as members read them.</summary>
internal static class DrawingWords
{
    public static string Type(string code) => code switch
    {
        "daily" => Text.Daily,
        "weekly" => Text.Weekly,
        "monthly" => Text.Monthly,
        "annual" => Text.Annual,
        _ => Shared.Show.Words(code),
    };

    public static string Status(string code) => code switch
    {
        "open" => Text.StatusOpen,
        "scheduled" => Text.StatusScheduled,
        "closed" => Text.StatusClosed,
        "completed" => Text.StatusCompleted,
        "cancelled" => Text.StatusCancelled,
        _ => Shared.Show.Words(code),
    };

    /// <summary>"1 ticket", "12 tickets".</summary>
    public static string TicketCount(long tickets) => tickets == 1 ? Text.SingleTicket : Shared.Show.Text(Text.ManyTickets, Shared.Show.Number(tickets));

    /// <summary>The chance that one pick falls on one of a member's tickets.</summary>
    public static string Odds(long tickets, long mine) => mine == 0 ? Text.NoChance : Shared.Show.Text(Text.OneIn, Shared.Show.Number((double)tickets / mine, 1));
}
