using System.Diagnostics.Metrics;
using FitTrack.Core.Drawings.Entering;

namespace FitTrack.Core.Drawings;

/// <summary>Counts what happens to drawings; meter <c>FitTrack.Drawings</c>.</summary>
public sealed class DrawingMetrics
{
    public const string MeterName = "FitTrack.Drawings";

    private readonly Counter<long> _tickets;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _heldUp;
    private readonly Counter<long> _stamps;

    public DrawingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _tickets = meter.CreateCounter<long>("fittrack.drawings.tickets", "{ticket}", "Tickets, by kind.");
        _refusals = meter.CreateCounter<long>("fittrack.drawings.refusals", "{request}", "Entries refused, by outcome.");
        _steps = meter.CreateCounter<long>("fittrack.drawings.steps", "{step}", "Drawings that changed their state, by the new one.");
        _heldUp = meter.CreateCounter<long>("fittrack.drawings.held_up", "{step}", "Due steps that could not be done, by kind; alert at once when 'wrong' grows.");
        _stamps = meter.CreateCounter<long>("fittrack.drawings.timestamps", "{request}", "Time-stamp tokens asked for, by outcome: got or missing.");
    }

    internal void Entered(TicketKind kind, int tickets) => _tickets.Add(tickets, new KeyValuePair<string, object?>("kind", kind == TicketKind.Free ? "free" : "paid"));

    internal void Refused(EntryOutcome outcome) => _refusals.Add(1, new KeyValuePair<string, object?>("outcome", outcome.GetType().Name));

    internal void Became(DrawingStatus status) => _steps.Add(1, new KeyValuePair<string, object?>("status", status.ToString()));

    internal void HeldUp(bool isWrong) => _heldUp.Add(1, new KeyValuePair<string, object?>("kind", isWrong ? "wrong" : "waiting"));

    internal void Stamped(bool isGot) => _stamps.Add(1, new KeyValuePair<string, object?>("outcome", isGot ? "got" : "missing"));
}
