using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;

namespace FitTrack.Api.Http;

/// <summary>Whose requests are counted together: a member, else an address (for IPv6 the /64 network, since one customer has all of it).</summary>
internal readonly record struct Caller(ulong High, ulong Low, bool IsMember)
{
    public static Caller Of(HttpContext context) =>
        context.User.MemberId() is { } id ? Member(id) : Address(context.Connection.RemoteIpAddress);

    public static Caller Member(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return new Caller(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), IsMember: true);
    }

    public static Caller Address(IPAddress? address)
    {
        if (address is null)
            return default;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return new Caller(0, high >> 32, IsMember: false);
        return address.IsIPv4MappedToIPv6
            ? new Caller(0, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), IsMember: false)
            : new Caller(high, 0, IsMember: false);
    }

    /// <summary>For messages among instances; <see cref="TryParse"/> reads it.</summary>
    public string ToKey() => $"{(IsMember ? 'm' : 'a')}{High:x16}{Low:x16}";

    public static bool TryParse(string key, out Caller caller)
    {
        caller = default;
        if (key.Length != 33 || key[0] is not ('m' or 'a')
            || !ulong.TryParse(key.AsSpan(1, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(key.AsSpan(17), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        caller = new Caller(high, low, key[0] == 'm');
        return true;
    }

    /// <summary>The address, or the first of the /64 network, as text; <see cref="TryParseAddress"/> reads it.</summary>
    public string ToAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(High == 0 ? bytes[12..] : bytes).ToString();
    }

    public static bool TryParseAddress(string text, out Caller caller)
    {
        var isAddress = IPAddress.TryParse(text, out var address);
        caller = isAddress ? Address(address) : default;
        return isAddress;
    }
}

/// <summary>What the access token says about the caller.</summary>
internal static class CallerClaims
{
    /// <summary>The signed-in member (claim <c>sub</c>); null for everybody else.</summary>
    public static Guid? MemberId(this ClaimsPrincipal user) => user is KnownCaller known ? known.MemberId : Parse(user);

    /// <summary>The signed-in member, on endpoints that require one.</summary>
    /// <exception cref="InvalidOperationException">The endpoint lets callers in who are not signed in.</exception>
    public static Guid RequiredMemberId(this ClaimsPrincipal user) =>
        user.MemberId() ?? throw new InvalidOperationException("This endpoint must require authorization.");

    internal static Guid? Parse(ClaimsPrincipal user) => Guid.TryParse(user.FindFirst("sub")?.Value, out var id) ? id : null;
}

/// <summary>A principal that answers many requests and looks for its member once.</summary>
internal sealed class KnownCaller : ClaimsPrincipal
{
    public KnownCaller(ClaimsIdentity identity)
        : base(identity) => MemberId = CallerClaims.Parse(this);

    public Guid? MemberId { get; }
}
