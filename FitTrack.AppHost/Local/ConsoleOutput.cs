namespace FitTrack.AppHost.Local;

/// <summary>Everything the launcher and its children print, one line at a time, children with their name before it.</summary>
internal sealed class ConsoleOutput
{
    private static readonly string[] Colours = ["36", "32", "35", "33", "34", "96"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _colourOf = [];
    private readonly bool _coloured = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;

    /// <summary>A person is watching, so a child may draw its progress bars itself.</summary>
    public bool IsTerminal { get; } = !Console.IsOutputRedirected;

    public void Say(string line)
    {
        lock (_lock)
            Console.WriteLine(line);
    }

    public void Child(string name, string line)
    {
        lock (_lock)
            Console.WriteLine($"{Prefix(name)} {line}");
    }

    private string Prefix(string name)
    {
        var label = $"{name,-9}|";
        if (!_coloured)
            return label;
        if (!_colourOf.TryGetValue(name, out var colour))
            _colourOf[name] = colour = Colours[_colourOf.Count % Colours.Length];
        return $"\e[{colour}m{label}\e[0m";
    }
}
