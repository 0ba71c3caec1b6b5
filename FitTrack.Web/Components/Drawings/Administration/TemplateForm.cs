using System.Globalization;
using FitTrack.Web.Api;

namespace FitTrack.Web.Components.Drawings.Administration;

/// <summary>A template as it is typed in. The time of the draw is by the clock on the wall in the competition's time zone.</summary>
public sealed class TemplateForm : TermsForm
{
    public string? DrawTime { get; set; }

    public string? Day { get; set; }

    public string? Month { get; set; }

    public string? OpensMinutesBefore { get; set; }

    public string? SalesCloseMinutesBefore { get; set; }

    public string? CreateDaysAhead { get; set; }

    public bool IsActive { get; set; }

    internal static TemplateForm Empty()
    {
        var form = new TemplateForm { Type = "weekly", Day = "5", DrawTime = "16:00", IsActive = true };
        form.FillUsual();
        return form;
    }

    internal static TemplateForm Of(DrawingTemplate t)
    {
        var form = new TemplateForm
        {
            DrawTime = t.DrawTime.ToString("HH:mm", CultureInfo.InvariantCulture),
            Day = Text(t.Day),
            Month = Text(t.Month),
            OpensMinutesBefore = Text(t.OpensMinutesBefore),
            SalesCloseMinutesBefore = Text(t.SalesCloseMinutesBefore),
            CreateDaysAhead = Text(t.CreateDaysAhead),
            IsActive = t.IsActive,
        };
        form.Fill(t);
        return form;
    }

    internal NewTemplate ToTemplate() => new(
        Name, Given(Description), Given(ImageUrl), Given(Type), Given(Entropy), TimeOnly.TryParse(DrawTime, CultureInfo.InvariantCulture, out var time) ? time : null, Number(Day), Number(Month),
        Number(OpensMinutesBefore), Number(SalesCloseMinutesBefore), Number(CreateDaysAhead), IsActive,
        Number(TicketPrice), Number(MaxTicketsPerPurchase), Number(MaxTicketsPerMember), Number(FreeEntriesPerMember), Number(Alternates), Eligibility, NewPrizes);
}
