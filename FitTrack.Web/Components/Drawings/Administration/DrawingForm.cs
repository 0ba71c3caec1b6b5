using System.Globalization;
using FitTrack.Web.Api;

namespace FitTrack.Web.Components.Drawings.Administration;

/// <summary>A drawing as it is typed in. Times are UTC.</summary>
public sealed class DrawingForm : TermsForm
{
    public string? OpensAt { get; set; }

    public string? SalesCloseAt { get; set; }

    public string? DrawAt { get; set; }

    /// <param name="drawAt">About when; the full hour is suggested.</param>
    internal static DrawingForm Empty(DateTimeOffset drawAt)
    {
        var form = new DrawingForm { DrawAt = Suggested(drawAt) };
        form.FillUsual();
        return form;
    }

    /// <summary>A drawing that is to be changed. Codes are secret, so they are not in it.</summary>
    internal static DrawingForm Of(AdminDrawing d)
    {
        var form = new DrawingForm { OpensAt = Local(d.OpensAt), SalesCloseAt = Local(d.SalesCloseAt), DrawAt = Local(d.DrawAt) };
        form.Fill(d);
        return form;
    }

    /// <summary>A new one with all that a template says, its times aside.</summary>
    /// <param name="t">The template.</param>
    /// <param name="drawAt">About when; the full hour is suggested.</param>
    internal static DrawingForm From(DrawingTemplate t, DateTimeOffset drawAt)
    {
        var form = new DrawingForm { DrawAt = Suggested(drawAt) };
        form.Fill(t);
        return form;
    }

    internal NewDrawing ToDrawing() => new(
        Name, Given(Description), Given(ImageUrl), Given(Type), Given(Entropy), Time(OpensAt), Time(SalesCloseAt), Time(DrawAt),
        Number(TicketPrice), Number(MaxTicketsPerPurchase), Number(MaxTicketsPerMember), Number(FreeEntriesPerMember), Number(Alternates), Eligibility, NewPrizes);

    private static string Suggested(DateTimeOffset drawAt) => Local(drawAt.AddTicks(-(drawAt.Ticks % TimeSpan.TicksPerHour)));

    /// <summary>As exactly as the browser's field takes it, so that a time which is frozen comes back as it was.</summary>
    private static string Local(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
