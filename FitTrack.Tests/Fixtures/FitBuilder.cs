using System.Buffers.Binary;

namespace FitTrack.Tests.Fixtures;

/// <summary>Writes FIT files message by message, in either byte order.</summary>
internal sealed class FitBuilder(bool bigEndian = false)
{
    public const byte Enum = 0x00, UInt8 = 0x02, UInt16 = 0x84, UInt32 = 0x86, UInt32Z = 0x8C;
    private const byte Text = 0x07;
    private static readonly DateTimeOffset Epoch = new(1989, 12, 31, 0, 0, 0, TimeSpan.Zero);
    private readonly MemoryStream _data = new();

    public static uint Time(DateTimeOffset time) => (uint)(time - Epoch).TotalSeconds;

    /// <summary>A whole activity file with one session.</summary>
    public static FitBuilder Activity(DateTimeOffset start, bool bigEndian = false, uint? serial = 4711, byte sport = 1, uint milliseconds = 600_000, uint? timer = null, uint centimeters = 200_000, byte heartRate = 145)
    {
        var file = new FitBuilder(bigEndian).FileId(4, serial, start);
        return file.Session(start, sport, milliseconds, timer ?? milliseconds, centimeters, heartRate);
    }

    public FitBuilder FileId(byte type, uint? serial, DateTimeOffset? created) =>
        Message(0, 0, (0, Enum, type), (3, UInt32Z, serial ?? 0), (4, UInt32, created is { } time ? Time(time) : uint.MaxValue));

    public FitBuilder Session(DateTimeOffset start, byte sport, uint milliseconds, uint timer, uint centimeters, byte heartRate, byte subSport = 0) =>
        Message(1, 18, (253, UInt32, Time(start) + (milliseconds / 1000)), (2, UInt32, Time(start)), (5, Enum, sport), (6, Enum, subSport), (7, UInt32, milliseconds), (8, UInt32, timer), (9, UInt32, centimeters), (16, UInt8, heartRate));

    /// <summary>A definition and one message of it.</summary>
    public FitBuilder Message(byte local, ushort global, params (byte Number, byte Type, uint Value)[] fields)
    {
        Define(local, global, [.. fields.Select(f => (f.Number, f.Type))]);
        return Data(local, fields);
    }

    public FitBuilder Define(byte local, ushort global, IReadOnlyList<(byte Number, byte Type)> fields, params byte[] developerFieldSizes)
    {
        _data.WriteByte((byte)(0x40 | (developerFieldSizes.Length > 0 ? 0x20 : 0) | local));
        _data.WriteByte(0);
        _data.WriteByte(bigEndian ? (byte)1 : (byte)0);
        Write(global, 2);
        _data.WriteByte((byte)fields.Count);
        foreach (var (number, type) in fields)
            Raw(number, (byte)Size(type), type);
        if (developerFieldSizes.Length > 0)
            _data.WriteByte((byte)developerFieldSizes.Length);
        foreach (var size in developerFieldSizes)
            Raw(0, size, 0);
        return this;
    }

    public FitBuilder Data(byte local, IEnumerable<(byte Number, byte Type, uint Value)> fields, params byte[] rest) => Fields(local, fields, rest);

    /// <summary>A data message whose header holds the last five bits of its time.</summary>
    public FitBuilder Compressed(byte local, byte offset, params (byte Number, byte Type, uint Value)[] fields) => Fields((byte)(0x80 | (local << 5) | (offset & 0x1F)), fields);

    public FitBuilder Raw(params byte[] bytes)
    {
        _data.Write(bytes);
        return this;
    }

    /// <param name="headerSize">12, or 14 with a checksum of its own.</param>
    public byte[] Build(byte headerSize = 14)
    {
        var data = _data.ToArray();
        var file = new byte[headerSize + data.Length + 2];
        (file[0], file[1]) = (headerSize, 0x20);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), (uint)data.Length);
        ".FIT"u8.CopyTo(file.AsSpan(8));
        if (headerSize == 14)
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(12), Crc(file.AsSpan(0, 12)));
        data.CopyTo(file, headerSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(file.Length - 2), Crc(file.AsSpan(0, file.Length - 2)));
        return file;
    }

    /// <summary>The checksum by nibbles, as the protocol's description has it: another way than the decoder's.</summary>
    public static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ushort> table = [0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401, 0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400];
        ushort crc = 0;
        foreach (var b in bytes)
        {
            crc = (ushort)(((crc >> 4) & 0x0FFF) ^ table[crc & 0xF] ^ table[b & 0xF]);
            crc = (ushort)(((crc >> 4) & 0x0FFF) ^ table[crc & 0xF] ^ table[b >> 4]);
        }

        return crc;
    }

    private FitBuilder Fields(byte header, IEnumerable<(byte Number, byte Type, uint Value)> fields, params byte[] rest)
    {
        _data.WriteByte(header);
        foreach (var (_, type, value) in fields)
            Write(value, Size(type));
        return Raw(rest);
    }

    private static int Size(byte type) => type switch { Enum or UInt8 or Text => 1, UInt16 => 2, _ => 4 };

    private void Write(uint value, int size)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value << (8 * (4 - size)));
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _data.Write(bytes[..size]);
    }
}
