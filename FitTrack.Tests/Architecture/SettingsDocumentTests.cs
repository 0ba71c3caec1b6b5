using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Simulators;
using Xunit;

namespace FitTrack.Tests.Architecture;

/// <summary><c>.env.example</c> names every setting of the programs with the default that the code has, and none that nobody reads.</summary>
public partial class SettingsDocumentTests
{
    private static readonly Dictionary<string, string> Written = File.ReadLines(Path.Combine(Repository.Root, ".env.example"))
        .Select(line => Setting().Match(line)).Where(m => m.Success).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value, StringComparer.Ordinal);

    private static readonly (string Section, Type Type)[] Sections =
        [.. CodeUnderTest.Types(CodeUnderTest.Core, CodeUnderTest.Api, CodeUnderTest.Worker, CodeUnderTest.ServiceDefaults)
            .Where(t => t != typeof(SimulatorOptions) && t.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(t => (t.GetField("Section")?.GetRawConstantValue() as string ?? "", t)).Where(s => s.Item1.Length > 0)];

    private static readonly (string Name, PropertyInfo Property, object? Default)[] Settings =
        [.. Sections.SelectMany(s => Of(s.Section.Replace(":", "__", StringComparison.Ordinal), Activator.CreateInstance(s.Type)!))];

    [Fact]
    public void Example_NamesEverySettingWithItsDefault()
    {
        Assert.NotEmpty(Settings);
        Assert.All(Settings, setting =>
        {
            var (name, property, value) = setting;
            if (IsMany(property))
            {
                Assert.Contains(Written.Keys, key => key.StartsWith(name + "__", StringComparison.Ordinal));
                return;
            }

            Assert.True(Written.TryGetValue(name, out var text), $"{name} is not in .env.example.");
            if (text.Length > 0)
                Assert.Equal(value, TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(text));
        });
    }

    [Fact]
    public void Example_NamesNothingThatNobodyReads()
    {
        var ours = Written.Keys.Where(key => Sections.Any(s => key.StartsWith(s.Section.Replace(":", "__", StringComparison.Ordinal) + "__", StringComparison.Ordinal))).ToList();

        Assert.NotEmpty(ours);
        Assert.All(ours, key => Assert.Contains(Settings, s => key == s.Name || (IsMany(s.Property) && key.StartsWith(s.Name + "__", StringComparison.Ordinal))));
    }

    private static IEnumerable<(string Name, PropertyInfo Property, object? Default)> Of(string section, object options) =>
        options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite || IsMany(p)).SelectMany(p =>
            p.PropertyType.IsClass && p.PropertyType.Namespace!.StartsWith("FitTrack", StringComparison.Ordinal)
                ? Of($"{section}__{p.Name}", p.GetValue(options)!)
                : [($"{section}__{p.Name}", p, p.GetValue(options))]);

    private static bool IsMany(PropertyInfo property) =>
        property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() is var type && (type == typeof(IList<>) || type == typeof(IDictionary<,>));

    [GeneratedRegex(@"^# (?<name>\w+)=(?<value>\S*)", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Setting();
}
