using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Api.Leaderboards;

/// <summary>A board's best as a server-sent event, ready to be written. Its id is made from what it says, so it is the same on every instance.</summary>
internal sealed record LiveEvent(string Id, byte[] Bytes)
{
    /// <summary>How many of the best an event tells.</summary>
    public const int Rows = 10;

    /// <param name="front">A board up to its rankings, as <see cref="RenderedBoard.Front"/> writes it.</param>
    public static LiveEvent Of(byte[] front)
    {
        // When it was read does not make it another board.
        var at = front.AsSpan().IndexOf("\"generatedAt\""u8);
        var rest = at + front.AsSpan(at).IndexOf((byte)',');
        var id = Convert.ToHexStringLower(SHA256.HashData([.. front.AsSpan(0, at), .. front.AsSpan(rest)]).AsSpan(0, 8));
        return new LiveEvent(id, [.. Encoding.ASCII.GetBytes($"id: {id}\nevent: board\ndata: "), .. front, .. "}\n\n"u8]);
    }
}
