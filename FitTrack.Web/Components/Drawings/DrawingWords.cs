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

    /// <summary>The chance that one pick falls on one of a member's tickets: "1 in 21.5"; better ones than 1 in 10 in percent too, "1 in 1.67 (60%)".</summary>
    /// <param name="tickets">In the drawing, with the member's.</param>
    /// <param name="mine">At most that many.</param>
    public static string Odds(long tickets, long mine)
    {
        if (mine == 0) return Text.NoChance;
        var each = (double)tickets / mine;
        var odds = Shared.Show.Text(Text.OneIn, Shared.Show.Number(each, each < 2 ? 2 : 1));
        return each >= 10 ? odds : Shared.Show.Text(Text.InPercent, odds, mine * 100 / tickets);
    }
}
