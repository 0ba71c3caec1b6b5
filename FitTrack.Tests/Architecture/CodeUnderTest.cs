using System.Reflection;
using FitTrack.Api;
using FitTrack.Core.Data;

namespace FitTrack.Tests.Architecture;

/// <summary>The programs' own types, without what the compiler adds.</summary>
internal static class CodeUnderTest
{
    public static readonly Assembly Core = typeof(FitTrackDbContext).Assembly;
    public static readonly Assembly Api = typeof(ApiMarker).Assembly;
    public static readonly Assembly Worker = Assembly.Load("FitTrack.Worker");
    public static readonly Assembly Web = Assembly.Load("FitTrack.Web");
    public static readonly Assembly ServiceDefaults = Assembly.Load("FitTrack.ServiceDefaults");

    public static IEnumerable<Type> Types(params Assembly[] assemblies) => assemblies.SelectMany(a => a.GetTypes()).Where(t => !IsGenerated(t));

    /// <summary>"Points" of FitTrack.Core.Points and of FitTrack.Core.Points.Anything; null outside a feature folder.</summary>
    public static string? Feature(Type type) => type.Namespace?.Split('.') is ["FitTrack", _, var feature, ..] ? feature : null;

    private static bool IsGenerated(Type type)
    {
        for (var t = type; t is not null; t = t.DeclaringType!)
        {
            if (t.Name.Contains('<', StringComparison.Ordinal) || t.Namespace?.StartsWith("FitTrack", StringComparison.Ordinal) != true
                || t.Namespace.Contains("Generated", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
