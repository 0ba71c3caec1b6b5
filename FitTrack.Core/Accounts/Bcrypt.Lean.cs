using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Core.Accounts;

/// <summary>The system's own implementation: libxcrypt, which every current Linux distribution with glibc installs as libcrypt.</summary>
public static partial class Bcrypt
{
    private const string LibraryName = "libcrypt";
    private const int SaltBytes = 16;
    private const int WorkBytes = 32768; // struct crypt_data of libxcrypt

    private static readonly string[] FileNames = ["libcrypt.so.1", "libcrypt.so.2", "libcrypt.so"];

    static Bcrypt() => NativeLibrary.SetDllImportResolver(typeof(Bcrypt).Assembly, Find);

    private static partial string HashText(string password, int cost)
    {
        try
        {
            Span<byte> setting = stackalloc byte[HashLength * 2];
            setting.Clear();
            var salt = RandomNumberGenerator.GetBytes(SaltBytes);
            if (MakeSetting("$2b$", (uint)cost, salt, salt.Length, setting, setting.Length) == 0)
                throw Missing(null);
            return Crypt(password, Text(setting)) ?? throw Missing(null);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw Missing(e);
        }
    }

    private static partial bool VerifyText(string password, string hash)
    {
        try
        {
            return Crypt(password, hash) is { } made && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(made), Encoding.ASCII.GetBytes(hash));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw Missing(e);
        }
    }

    /// <summary>Null if the library does not take the setting. The work area is this call's own, so any number of threads may hash.</summary>
    private static string? Crypt(string password, string setting)
    {
        var work = new byte[WorkBytes];
        try
        {
            return Marshal.PtrToStringAnsi(Crypt(password, setting, work, work.Length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(work);
        }
    }

    private static string Text(ReadOnlySpan<byte> terminated) => Encoding.ASCII.GetString(terminated[..terminated.IndexOf((byte)0)]);

    private static nint Find(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != LibraryName)
            return 0;
        foreach (var file in FileNames)
        {
            if (NativeLibrary.TryLoad(file, assembly, path, out var handle))
                return handle;
        }

        return 0;
    }

    private static PlatformNotSupportedException Missing(Exception? inner) => new(
        "Passwords need bcrypt from libcrypt (libxcrypt 4.3 or newer), which this system does not have: install it, or build with -p:PackageSet=full.", inner);

    [LibraryImport(LibraryName, EntryPoint = "crypt_gensalt_rn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint MakeSetting(string prefix, uint cost, ReadOnlySpan<byte> random, int randomLength, Span<byte> output, int outputLength);

    [LibraryImport(LibraryName, EntryPoint = "crypt_rn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Crypt(string phrase, string setting, [In, Out] byte[] work, int workLength);
}
