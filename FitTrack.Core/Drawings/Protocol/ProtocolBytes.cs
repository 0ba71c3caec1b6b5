using System.Buffers.Binary;
using System.Text;

namespace FitTrack.Core.Drawings.Protocol;

/// <summary>Builds the byte strings that FTDRAW-1 hashes: big-endian integers and LP(s) = u32be(length of the UTF-8 bytes) ‖ bytes.</summary>
internal ref struct ProtocolBytes(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>Bytes that LP(s) takes.</summary>
    public static int SizeOfText(string text) => sizeof(uint) + Encoding.UTF8.GetByteCount(text);

    public void Byte(byte value) => _buffer[_length++] = value;

    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[_length..]);
        _length += bytes.Length;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[_length..], value);
        _length += sizeof(uint);
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer[_length..], value);
        _length += sizeof(ulong);
    }

    public void Text(string text)
    {
        var written = Encoding.UTF8.GetBytes(text, _buffer[(_length + sizeof(uint))..]);
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[_length..], (uint)written);
        _length += sizeof(uint) + written;
    }
}
