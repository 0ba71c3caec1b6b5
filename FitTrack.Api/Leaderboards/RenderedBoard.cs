using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;

namespace FitTrack.Api.Leaderboards;

/// <summary>
/// A snapshot as bytes of JSON, in two parts that make one <see cref="LeaderboardAnswer"/>: the front is the same for all
/// callers and is written once, the back is the caller's. A cached answer is two copies of bytes.
/// </summary>
internal sealed class RenderedBoard
{
    public const int MostPerPage = 100;

    private const string Hidden = "Hidden member";

    /// <summary>Callers and pages kept for each board; the others are written for each request, which takes microseconds.</summary>
    private const int MostBacks = 128;
    private const int MostFronts = 32;

    private static readonly ConditionalWeakTable<BoardSnapshot, RenderedBoard> Boards = [];

    private static readonly JsonEncodedText Rank = JsonEncodedText.Encode("rank");
    private static readonly JsonEncodedText UserId = JsonEncodedText.Encode("userId");
    private static readonly JsonEncodedText DisplayName = JsonEncodedText.Encode("displayName");
    private static readonly JsonEncodedText Points = JsonEncodedText.Encode("points");
    private static readonly JsonEncodedText Tier = JsonEncodedText.Encode("tier");

    private readonly BoardSnapshot _board;
    private readonly JsonEncodedText _tier;
    private readonly byte[] _top;
    private LiveEvent? _live;
    private readonly ConcurrentDictionary<(int Page, int PerPage), byte[]> _fronts = new();
    private readonly ConcurrentDictionary<Guid, byte[]> _backs = new();

    private RenderedBoard(BoardSnapshot board)
    {
        _board = board;
        _tier = JsonEncodedText.Encode(board.Tier);
        _top = WriteFront(1, MostPerPage);
    }

    /// <summary>The bytes live as long as the snapshot does.</summary>
    public static RenderedBoard Of(BoardSnapshot board) => Boards.GetValue(board, static b => new RenderedBoard(b));

    /// <summary>Members see their own row as it is; others see what the member and the board's size allow.</summary>
    /// <param name="board">Whose place it is.</param>
    /// <param name="place">A member's.</param>
    /// <param name="caller">Who looks; null for everybody.</param>
    /// <param name="ownName">The caller's display name.</param>
    public static LeaderboardRow Row(BoardSnapshot board, BoardPlace place, Guid? caller, string? ownName)
    {
        var isOwn = place.UserId == caller;
        return new LeaderboardRow(
            place.Rank, isOwn || place.DisplayName is not null ? place.UserId : null, (isOwn ? ownName : place.DisplayName) ?? Hidden,
            isOwn || board.ShowsPoints ? place.Points : null, board.Tier);
    }

    /// <summary>Everything up to the rankings, without the last brace.</summary>
    public byte[] Front(int page, int perPage)
    {
        if (page == 1 && perPage == MostPerPage)
            return _top;
        if (_fronts.TryGetValue((page, perPage), out var known))
            return known;
        var front = WriteFront(page, perPage);
        if (_fronts.Count < MostFronts)
            _fronts[(page, perPage)] = front;
        return front;
    }

    /// <summary>The board's best as an event, written once for all who listen.</summary>
    public LiveEvent Live() => _live ??= LiveEvent.Of(Front(1, LiveEvent.Rows));

    public bool TryGetBack(Guid caller, out byte[]? back) => _backs.TryGetValue(caller, out back);

    /// <summary>The caller's part, from the comma on.</summary>
    public byte[] Back(Guid caller, string? ownName, MemberPlace place)
    {
        var back = WriteBack(caller, ownName, place);
        if (_backs.Count < MostBacks)
            _backs[caller] = back;
        return back;
    }

    private byte[] WriteFront(int page, int perPage)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using var json = new Utf8JsonWriter(buffer);
        var period = _board.Period;
        json.WriteStartObject();
        json.WriteString("period"u8, period.Kind.ToString().ToLowerInvariant());
        WriteDay(json, "start", FirstDay(period));
        WriteDay(json, "end", LastDay(period));
        json.WriteBoolean("ended"u8, _board.IsEnded);
        json.WriteBoolean("final"u8, _board.IsFinal);
        json.WriteString(Tier, _tier);
        json.WriteNumber("totalMembers"u8, _board.Members);
        json.WriteString("generatedAt"u8, _board.GeneratedAt.UtcDateTime);
        json.WriteStartArray("rankings"u8);
        var listed = Math.Min(_board.Best.Length, BoardSnapshot.Listed);
        for (var i = Math.Min(listed, (page - 1) * perPage); i < Math.Min(listed, page * perPage); i++)
            WriteRow(json, _board.Best[i], null, null);
        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private byte[] WriteBack(Guid caller, string? ownName, MemberPlace place)
    {
        var buffer = new ArrayBufferWriter<byte>(4 * 1024);
        using var json = new Utf8JsonWriter(buffer);
        // It is written as an object of its own, whose opening brace then becomes the comma.
        json.WriteStartObject();
        json.WriteStartObject("me"u8);
        if (place.Rank is { } rank)
            json.WriteNumber(Rank, rank);
        else
            json.WriteNull(Rank);
        json.WriteNumber(Points, place.Points);
        json.WriteEndObject();
        json.WriteStartArray("around"u8);
        foreach (var row in place.Around)
            WriteRow(json, row, caller, ownName);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        var back = buffer.WrittenSpan.ToArray();
        back[0] = (byte)',';
        return back;
    }

    private void WriteRow(Utf8JsonWriter json, BoardPlace place, Guid? caller, string? ownName)
    {
        var row = Row(_board, place, caller, ownName);
        json.WriteStartObject();
        json.WriteNumber(Rank, row.Rank);
        if (row.UserId is { } id)
            json.WriteString(UserId, id);
        else
            json.WriteNull(UserId);
        json.WriteString(DisplayName, row.DisplayName);
        if (row.Points is { } points)
            json.WriteNumber(Points, points);
        else
            json.WriteNull(Points);
        json.WriteString(Tier, _tier);
        json.WriteEndObject();
    }

    private static void WriteDay(Utf8JsonWriter json, string name, DateOnly? day)
    {
        if (day is { } date)
            json.WriteString(name, date.ToString("O"));
        else
            json.WriteNull(name);
    }

    private static DateOnly? FirstDay(Period period) => period.Kind == PeriodKind.Alltime ? null : period.Start;

    private static DateOnly? LastDay(Period period) => period.Kind switch
    {
        PeriodKind.Daily => period.Start,
        PeriodKind.Weekly => period.Start.AddDays(6),
        PeriodKind.Monthly => period.Start.AddMonths(1).AddDays(-1),
        _ => null,
    };
}
