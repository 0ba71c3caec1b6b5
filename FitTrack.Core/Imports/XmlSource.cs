using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace FitTrack.Core.Imports;

/// <summary>
/// Reads XML that anybody may have written, forwards and in little memory: no document types, no entities, no deep nesting, no endless
/// tags and no endless names. Elements are known by their local names, and a prefix that nobody declared is no reason to refuse a recording.
/// </summary>
internal sealed partial class XmlSource : IDisposable
{
    private const int MaxDepth = 32;
    private const int MaxNames = 5_000;
    private const int MaxCharsANode = 256 * 1024;
    private const int HeadBytes = 16 * 1024;

    /// <summary>Characters of a value; nothing that is read from recordings is longer.</summary>
    private readonly char[] _value = new char[400];
    private readonly MeteredReader _text;
    private readonly XmlReader _xml;

    public XmlSource(byte[] content)
    {
        var (encoding, skip) = EncodingOf(content);
        _text = new MeteredReader(new StreamReader(new MemoryStream(content, skip, content.Length - skip, writable: false), encoding, detectEncodingFromByteOrderMarks: false, 32 * 1024), MaxCharsANode, "It holds an element without an end.");
        var names = new FewNames();
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true, NameTable = names,
        };
        _xml = XmlReader.Create(_text, settings, new XmlParserContext(names, new AnyPrefix(names), null, XmlSpace.None));
    }

    public XmlNodeType Type => _xml.NodeType;

    public string Name => _xml.LocalName;

    public int Depth => _xml.Depth;

    public bool IsEmpty => _xml.IsEmptyElement;

    /// <summary>The next node; false at the end.</summary>
    /// <exception cref="RefusedFileException">It is no XML, or more than a recording needs.</exception>
    public bool Read()
    {
        try
        {
            _text.Forget();
            if (!_xml.Read())
                return false;
        }
        catch (XmlException e)
        {
            throw IsDocumentType(e) ? new RefusedFileException("It declares a document type (DTD), which is not taken from anybody.") : NotWellFormed(e);
        }

        return _xml.Depth <= MaxDepth ? true : throw new RefusedFileException("Its elements are nested too deeply.");
    }

    /// <summary>The text of the element that was just read, which ends with it; for elements without children. Good until the next value is read.</summary>
    public ReadOnlySpan<char> Content()
    {
        if (_xml.IsEmptyElement)
            return [];
        var (depth, length) = (_xml.Depth, 0);
        while (Read() && _xml.Depth > depth)
        {
            if (_xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                length += Chunk(length);
        }

        return _value.AsSpan(0, length);
    }

    /// <summary>Empty where the element does not have it. Good until the next value is read.</summary>
    public ReadOnlySpan<char> Attribute(string name)
    {
        if (!_xml.MoveToAttribute(name))
            return [];
        var length = Chunk(0);
        _xml.MoveToElement();
        return _value.AsSpan(0, length);
    }

    /// <summary>The local name of the root element as far as the beginning of a file shows it; null when that is no XML.</summary>
    public static string? RootOf(ReadOnlySpan<byte> content)
    {
        var (encoding, skip) = EncodingOf(content);
        var head = encoding.GetString(content[skip..Math.Min(content.Length, skip + HeadBytes)]);
        return head.StartsWith('<') && Root().Match(WithoutComments(head)) is { Success: true } root ? root.Groups["name"].Value : null;
    }

    /// <summary>Into the buffer and not into a string: a recording has a million values.</summary>
    private int Chunk(int from)
    {
        try
        {
            return _xml.ReadValueChunk(_value, from, _value.Length - from);
        }
        catch (XmlException e)
        {
            throw NotWellFormed(e);
        }
    }

    public void Dispose()
    {
        _xml.Dispose();
        _text.Dispose();
    }

    private static string WithoutComments(string text)
    {
        for (int from; (from = text.IndexOf("<!--", StringComparison.Ordinal)) >= 0;)
        {
            var to = text.IndexOf("-->", from, StringComparison.Ordinal);
            text = to < 0 ? text[..from] : text.Remove(from, to + 3 - from);
        }

        return text;
    }

    /// <summary>By byte order mark, else as declared, else UTF-8; and where the text begins. White space before the declaration is left out.</summary>
    private static (Encoding Encoding, int Skip) EncodingOf(ReadOnlySpan<byte> content)
    {
        if (content is [0xFF, 0xFE, ..])
            return (Encoding.Unicode, 2);
        if (content is [0xFE, 0xFF, ..])
            return (Encoding.BigEndianUnicode, 2);
        var skip = content is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        var marked = skip > 0;
        while (skip < content.Length && content[skip] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            skip++;
        var head = Encoding.Latin1.GetString(content[skip..Math.Min(content.Length, skip + 200)]);
        return (marked || Declaration().Match(head) is not { Success: true } declared ? Encoding.UTF8 : Named(declared.Groups["encoding"].Value), skip);
    }

    private static Encoding Named(string name)
    {
        // A declaration of UTF-16 in bytes that could be read as ASCII is wrong.
        if (name.StartsWith("utf", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new RefusedFileException(string.Create(CultureInfo.InvariantCulture, $"Its encoding '{Text.Line(name, 40)}' is not known."));
        }
    }

    private static RefusedFileException NotWellFormed(XmlException e) => new($"It is not well-formed XML (line {e.LineNumber}).");

    private static bool IsDocumentType(XmlException e) => e.Message.Contains("DTD", StringComparison.Ordinal);

    [GeneratedRegex("""^<\?xml\s[^>]*?encoding\s*=\s*["'](?<encoding>[\w.:-]{1,40})["']""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"<(?:[A-Za-z_][\w.-]*:)?(?<name>[A-Za-z_][\w.-]*)[\s/>]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Root();

    private sealed class AnyPrefix(XmlNameTable names) : XmlNamespaceManager(names)
    {
        public override string? LookupNamespace(string prefix) => base.LookupNamespace(prefix) ?? "urn:undeclared";
    }

    /// <summary>Every name that a document uses is kept while it is read.</summary>
    private sealed class FewNames : XmlNameTable
    {
        private readonly NameTable _names = new();
        private int _count;

        public override string Add(string array) => _names.Get(array) ?? _names.Add(Counted(array));

        public override string Add(char[] array, int offset, int length) => _names.Get(array, offset, length) ?? _names.Add(Counted(new string(array, offset, length)));

        public override string? Get(string array) => _names.Get(array);

        public override string? Get(char[] array, int offset, int length) => _names.Get(array, offset, length);

        private string Counted(string name) => ++_count <= MaxNames ? name : throw new RefusedFileException($"It uses more than {MaxNames:N0} different names.");
    }
}
