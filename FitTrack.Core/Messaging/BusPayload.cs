using System.Text;

namespace FitTrack.Core.Messaging;

/// <summary>The text that travels: the sender's id, then a line for each message with topic, tab, key.</summary>
internal static class BusPayload
{
    /// <summary>Tells every subscriber of every topic to forget what it keeps.</summary>
    public static readonly (string Topic, string Key) Reset = ("*", "");

    private const int MaxTopic = 60;
    private const int MaxKey = 200;

    public static bool IsValid(string topic, string key) =>
        topic.Length is > 0 and <= MaxTopic && key.Length <= MaxKey && !topic.AsSpan().ContainsAny('\t', '\n') && !key.AsSpan().ContainsAny('\t', '\n');

    /// <summary>As few texts as fit the limit; no message is split.</summary>
    public static IEnumerable<string> Pack(string sender, IEnumerable<(string Topic, string Key)> messages, int maxBytes)
    {
        var text = new StringBuilder(sender);
        var bytes = Encoding.UTF8.GetByteCount(sender);
        var empty = bytes;
        foreach (var (topic, key) in messages)
        {
            var line = $"\n{topic}\t{key}";
            var size = Encoding.UTF8.GetByteCount(line);
            if (bytes + size > maxBytes)
            {
                yield return text.ToString();
                text.Clear().Append(sender);
                bytes = empty;
            }

            text.Append(line);
            bytes += size;
        }

        if (bytes > empty)
            yield return text.ToString();
    }

    /// <summary>Reads what <see cref="Pack"/> wrote; lines that are not messages are skipped (a newer version may send more).</summary>
    public static (string Sender, List<(string Topic, string Key)> Messages) Unpack(string payload)
    {
        var lines = payload.Split('\n');
        var messages = new List<(string, string)>(lines.Length - 1);
        foreach (var line in lines.AsSpan(1))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab > 0)
                messages.Add((line[..tab], line[(tab + 1)..]));
        }

        return (lines[0], messages);
    }
}
