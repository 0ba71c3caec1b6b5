using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using FitTrack.Web.Api;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Caching.Memory;

namespace FitTrack.Web.Components.Leaderboards;

/// <summary>
/// A board's rows, which are the same for everyone who looks at it in the same moment: they are read, and written as markup, once for all of
/// them. The same bytes from the Api are the same object, for as long as somebody looks.
/// </summary>
[JsonConverter(typeof(Reader))]
public sealed class SharedRows : IReadOnlyList<BoardRow>
{
    private const string EndOfRow = "</tr>";

    private readonly BoardRow[] _rows;
    private readonly ConcurrentDictionary<string, string> _markup = new(StringComparer.Ordinal);

    private SharedRows(BoardRow[] rows) => _rows = rows;

    public int Count => _rows.Length;

    public BoardRow this[int index] => _rows[index];

    public IEnumerator<BoardRow> GetEnumerator() => _rows.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _rows.GetEnumerator();

    /// <summary>The table rows in the reader's culture: those before the reader's own, which is left to be written, and those after it; all of them before if it is not among them.</summary>
    internal async ValueTask<(MarkupString Before, BoardRow? Own, MarkupString After)> AroundAsync(long? ownRank, IServiceProvider services, ILoggerFactory logs)
    {
        var culture = CultureInfo.CurrentUICulture.Name;
        if (!_markup.TryGetValue(culture, out var all))
            _markup[culture] = all = await WriteAsync(services, logs);
        var row = Array.FindIndex(_rows, r => r.Rank == ownRank);
        if (row < 0)
            return (new(all), null, default);
        var start = 0;
        for (var i = 0; i < row; i++)
            start = End(start);
        return (new(all[..start]), _rows[row], new(all[End(start)..]));

        // What members wrote is encoded: it never ends a row.
        int End(int from) => all.IndexOf(EndOfRow, from, StringComparison.Ordinal) + EndOfRow.Length;
    }

    private async Task<string> WriteAsync(IServiceProvider services, ILoggerFactory logs)
    {
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<BoardRows>(ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(BoardRows.Rows)] = this }))).ToHtmlString());
    }

    internal sealed class Reader : JsonConverter<SharedRows>
    {
        private static readonly MemoryCache Known = new(new MemoryCacheOptions { SizeLimit = 200 });

        public override SharedRows Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var json = JsonDocument.ParseValue(ref reader);
            var key = Convert.ToBase64String(SHA256.HashData(JsonMarshal.GetRawUtf8Value(json.RootElement)));
            return Known.GetOrCreate(key, entry =>
            {
                (entry.Size, entry.SlidingExpiration) = (1, TimeSpan.FromMinutes(1));
                return new SharedRows(json.Deserialize<BoardRow[]>(options) ?? []);
            })!;
        }

        public override void Write(Utf8JsonWriter writer, SharedRows value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value._rows, options);
    }
}
