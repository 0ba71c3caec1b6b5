using System.Text.Json;

namespace FitTrack.Worker.Drawings.Verification;

/// <summary>Reads a bundle's members, each of which must be there and of its kind.</summary>
internal static class BundleFile
{
    public static JsonElement Member(this JsonElement element, string name, JsonValueKind kind)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind) return value;
        throw new StepFailedException("bundle", $"'{name}' is missing or not {Describe(kind)}");
    }

    public static string Text(this JsonElement element, string name) => element.Member(name, JsonValueKind.String).GetString()!;

    /// <summary>A whole number from 0.</summary>
    public static long Number(this JsonElement element, string name) =>
        element.Member(name, JsonValueKind.Number).TryGetInt64(out var number) && number >= 0 ? number : throw new StepFailedException("bundle", $"'{name}' is not a whole number");

    public static byte[] Hex(this JsonElement element, string name, int? length = null) => HexOf(element.Text(name), name, length);

    public static byte[] HexOf(string text, string name, int? length)
    {
        var isHex = text.Length % 2 == 0 && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
        if (!isHex || (length is { } bytes && text.Length != 2 * bytes)) throw new StepFailedException("bundle", $"'{name}' is not lower-case hex{(length is null ? "" : $" of {length} bytes")}");
        return Convert.FromHexString(text);
    }

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Number => "a number",
        _ => "text",
    };
}
