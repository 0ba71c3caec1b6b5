namespace FitTrack.Core.Points;

/// <summary>What one activity contributes to its day, in the order in which activities were first accepted.</summary>
public sealed record Contribution(Guid ActivityId, DayQuantities Quantities);

/// <summary>An activity's share of its day: the difference it makes to what stood before it.</summary>
public sealed record Share(Guid ActivityId, DayQuantities Before, DayQuantities After, int PointsBefore, int PointsAfter)
{
    public int Points => PointsAfter - PointsBefore;
}

/// <summary>
/// Divides a day's points among its activities after a correction: each gets the difference it makes to those accepted
/// before it. The shares are never negative and always add up to the day, whatever the caps cut.
/// </summary>
public static class Attribution
{
    public static IReadOnlyList<Share> Of(RateVersion rates, int multiplierTenths, IReadOnlyList<Contribution> inOrderOfFirstAcceptance)
    {
        var shares = new List<Share>(inOrderOfFirstAcceptance.Count);
        var before = default(DayQuantities);
        var pointsBefore = 0;
        foreach (var (activityId, quantities) in inOrderOfFirstAcceptance)
        {
            var after = before + quantities;
            var pointsAfter = PointsCalculator.Score(rates, multiplierTenths, after).Total;
            shares.Add(new Share(activityId, before, after, pointsBefore, pointsAfter));
            (before, pointsBefore) = (after, pointsAfter);
        }

        return shares;
    }
}
