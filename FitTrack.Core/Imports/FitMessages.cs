using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FitTrack.Core.Imports;

/// <summary>A message of a FIT file: its global number and the fields that were asked for.</summary>
internal readonly ref struct FitMessage(int global, uint? timestamp, ReadOnlySpan<FitField> fields, ReadOnlySpan<byte> bytes, bool bigEndian)
{
    private readonly ReadOnlySpan<FitField> _fields = fields;
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Global => global;

    /// <summary>Seconds since <see cref="FitMessages.Epoch"/>; compressed ones are made whole.</summary>
    public uint? Timestamp => timestamp;

    /// <summary>A whole number's value; null where the message has none, or the type's "invalid".</summary>
    public uint? this[int number]
    {
        get
        {
            foreach (var field in _fields)
            {
                if (field.Number == number)
                    return field.Read(_bytes, bigEndian);
            }

            return null;
        }
    }
}

/// <summary>A field as a definition lays it out.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FitField(byte Number, byte Size, byte BaseType, int Offset)
{
    private const int IsOfZeroFamily = 0x0A;

    public uint? Read(ReadOnlySpan<byte> message, bool bigEndian)
    {
        // Where the size does not fit the type, nobody knows what the bytes mean; of several values the first counts.
        var bytes = message.Slice(Offset, Size);
        switch (BaseType & 0x1F)
        {
            case 0x00 or 0x02 or 0x0D or IsOfZeroFamily when bytes.Length >= 1:
                return Valid(bytes[0], byte.MaxValue);
            case 0x04 or 0x0B when bytes.Length >= 2 && bytes.Length % 2 == 0:
                return Valid(bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes), ushort.MaxValue);
            case 0x06 or 0x0C when bytes.Length >= 4 && bytes.Length % 4 == 0:
                return Valid(bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes), uint.MaxValue);
            default:
                return null;
        }
    }

    private uint? Valid(uint value, uint invalid) => value == ((BaseType & 0x1F) is IsOfZeroFamily or 0x0B or 0x0C ? 0 : invalid) ? null : value;
}

/// <summary>
/// Goes through one FIT file of a chain: header, definitions, messages, checksum (the layout is Garmin's FIT protocol). The span is all that
/// it keeps, so that memory does not depend on the file's length.
/// </summary>
internal ref struct FitMessages
{
    /// <summary>1989-12-31 00:00:00 UTC.</summary>
    public static readonly DateTimeOffset Epoch = new(1989, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private const byte TimestampField = 253;
    private static readonly ushort[] CrcTable = MakeCrcTable();
    private readonly ReadOnlySpan<byte> _data;
    private readonly Definition?[] _definitions = new Definition?[16];
    private int _at;
    private uint? _time;

    /// <exception cref="RefusedFileException">The header, the length or the checksum is wrong.</exception>
    public FitMessages(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 14 || bytes[0] < 12 || bytes[0] > bytes.Length || !bytes[8..12].SequenceEqual(".FIT"u8))
            throw new RefusedFileException("It is no FIT file.");
        var header = bytes[0];
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (size > bytes.Length - header - 2)
            throw new RefusedFileException("It is cut off: the file is shorter than it says.");
        if (header >= 14 && BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]) is > 0 and var sum && sum != Crc(bytes[..12]))
            throw new RefusedFileException("The checksum of its header is wrong.");
        Length = header + (int)size + 2;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[(Length - 2)..]) != Crc(bytes[..(Length - 2)]))
            throw new RefusedFileException("Its checksum is wrong: it was damaged on its way.");
        _data = bytes[header..(Length - 2)];
    }

    /// <summary>Bytes from the header to the checksum; the next file of the chain begins there.</summary>
    public int Length { get; }

    /// <summary>The next message; false at the end.</summary>
    /// <exception cref="RefusedFileException">A message has no definition, or runs past the end.</exception>
    public bool Read(out FitMessage message)
    {
        message = default;
        while (_at < _data.Length)
        {
            var header = _data[_at++];
            if ((header & 0xC0) == 0x40)
            {
                Define(header & 0x0F, hasDeveloperFields: (header & 0x20) != 0);
                continue;
            }

            var isCompressed = (header & 0x80) != 0;
            var definition = _definitions[isCompressed ? (header >> 5) & 0x03 : header & 0x0F] ?? throw Corrupt();
            var bytes = Take(definition.Size);
            var stamp = definition.Timestamp is { } field ? field.Read(bytes, definition.IsBigEndian) : null;
            if (isCompressed && _time is { } reference)
                stamp ??= reference + (((uint)(header & 0x1F) - reference) & 0x1F);
            _time = stamp ?? _time;
            message = new FitMessage(definition.Global, stamp, definition.Fields, bytes, definition.IsBigEndian);
            return true;
        }

        return false;
    }

    private void Define(int local, bool hasDeveloperFields)
    {
        var head = Take(5);
        var isBigEndian = head[1] == 1;
        var global = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(head[2..]) : BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);
        var fields = new FitField[head[4]];
        var size = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            var field = Take(3);
            fields[i] = new FitField(field[0], field[1], field[2], size);
            size += field[1];
        }

        // What other makers add stands behind the fields; only its length matters here.
        for (var left = hasDeveloperFields ? Take(1)[0] : 0; left > 0; left--)
            size += Take(3)[1];
        FitField? timestamp = Array.FindIndex(fields, f => f.Number == TimestampField) is >= 0 and var index ? fields[index] : null;
        _definitions[local] = new Definition(global, isBigEndian, fields, size, timestamp);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _data.Length - _at)
            throw Corrupt();
        _at += count;
        return _data.Slice(_at - count, count);
    }

    private static RefusedFileException Corrupt() => new("Its messages do not fit together.");

    private static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var b in bytes)
            crc = (ushort)((crc >> 8) ^ CrcTable[(crc ^ b) & 0xFF]);
        return crc;
    }

    /// <summary>CRC-16 with the reversed polynomial 0xA001.</summary>
    private static ushort[] MakeCrcTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (ushort)i;
            for (var bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xA001);
            table[i] = crc;
        }

        return table;
    }

    private sealed record Definition(int Global, bool IsBigEndian, FitField[] Fields, int Size, FitField? Timestamp);
}
