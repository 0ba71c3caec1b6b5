using System.Globalization;

namespace FitTrack.Bench;

/// <summary>One line of the result: a scenario, what it reached, what it is held against.</summary>
internal sealed record Line(string Scenario, string Measured, string Limit, double Value, double Goal, bool AtLeast)
{
    public bool Reached => AtLeast ? Value >= Goal : Value <= Goal;

    public static Line Ratio(string scenario, LoadResult product, LoadResult limit, double goal) =>
        new(scenario, product.ToString(), limit.ToString(), product.PerSecond / limit.PerSecond, goal, AtLeast: true);

    public static Line AtMost(string scenario, double value, string unit, double goal) =>
        new(scenario, string.Create(CultureInfo.InvariantCulture, $"{value:F1} {unit}"), "", value, goal, AtLeast: false);
}

internal static class Table
{
    public static void Print(IReadOnlyList<Line> lines)
    {
        Console.WriteLine();
        Console.WriteLine("| scenario | measured | limit, measured in the same run | value | goal | |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var line in lines)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {line.Scenario} | {line.Measured.Trim()} | {line.Limit.Trim()} | {line.Value:F2} | {(line.AtLeast ? "≥" : "≤")} {line.Goal} | {(line.Reached ? "reached" : "MISSED")} |"));
        }
    }
}
