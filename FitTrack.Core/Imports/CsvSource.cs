using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace FitTrack.Core.Imports;

/// <summary>Reads rows of a CSV file that anybody may have written. Cells are text: nothing in them is ever evaluated.</summary>
internal sealed class CsvSource : IDisposable
{
    public const int MaxRows = 20_000;
    public const string Broken = "A quotation mark is out of place in the row.";
    private const int MaxCharsARow = 64 * 1024;
    private readonly MeteredReader _text;
    private readonly CsvParser _csv;
    private int _rows;

    /// <exception cref="RefusedFileException">It has no header.</exception>
    public CsvSource(byte[] content)
    {
        _text = new MeteredReader(new StreamReader(new MemoryStream(content, writable: false), Encoding.UTF8), MaxCharsARow, "It has a row without an end: perhaps a quotation mark is not closed.");
        _csv = new CsvParser(_text, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = _ => IsBroken = true, BufferSize = 4096 });
        Header = Read() ? Cells : throw new RefusedFileException("It has no header.");
    }

    public IReadOnlyList<string> Header { get; }

    public IReadOnlyList<string> Cells { get; private set; } = [];

    /// <summary>Where the row stands in the file, from 1.</summary>
    public int Line => _csv.RawRow;

    /// <summary>A quotation mark stands where none may: nobody knows which cell is which.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The next row; false at the end.</summary>
    public bool Read()
    {
        _text.Forget();
        IsBroken = false;
        if (!_csv.Read())
            return false;
        Cells = _csv.Record ?? [];
        return ++_rows <= MaxRows + 1 ? true : throw new RefusedFileException($"It has more than {MaxRows:N0} rows.");
    }

    /// <summary>The n-th column of a name (the text up to a parenthesis, whatever its case), from 0; -1 where there is none. Some headers say a name twice.</summary>
    public int Column(string name, int occurrence = 0) =>
        Header.Index().Where(h => string.Equals(h.Item.Split('(')[0].Trim(), name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Index).Skip(occurrence).FirstOrDefault(-1);

    /// <summary>What a column's header has in parentheses; null where it has nothing.</summary>
    public string? Unit(int column) =>
        column >= 0 && Header[column].Split('(') is [_, var unit] && unit.TrimEnd().EndsWith(')') ? unit.TrimEnd()[..^1].Trim().ToLowerInvariant() : null;

    /// <summary>A cell without the white space around it; null where the column is missing or the cell is empty.</summary>
    public string? Cell(int column) => column >= 0 && column < Cells.Count && Cells[column].Trim() is { Length: > 0 } cell ? cell : null;

    public void Dispose()
    {
        _csv.Dispose();
        _text.Dispose();
    }
}
