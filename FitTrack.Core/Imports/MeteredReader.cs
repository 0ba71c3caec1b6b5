namespace FitTrack.Core.Imports;

/// <summary>Passes text on, but no more than so much between two steps of whoever reads it: a parser cannot be made to collect without end.</summary>
/// <param name="max">Characters.</param>
/// <param name="refusal">Why the file is refused above that.</param>
internal sealed class MeteredReader(TextReader text, int max, string refusal) : TextReader
{
    private int _passed;

    /// <summary>A step is done.</summary>
    public void Forget() => _passed = 0;

    public override int Peek() => text.Peek();

    public override int Read()
    {
        Count(1);
        return text.Read();
    }

    public override int Read(char[] buffer, int index, int count) => Count(text.Read(buffer, index, count));

    public override int Read(Span<char> buffer) => Count(text.Read(buffer));

    protected override void Dispose(bool disposing)
    {
        text.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        _passed += read;
        return _passed <= max ? read : throw new RefusedFileException(refusal);
    }
}
