using System.Reflection;
using FitTrack.Core.Data;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Architecture;

/// <summary>The rules of the architecture that a compiler does not hold. Each fails when it finds nothing to check.</summary>
public sealed class BoundaryTests
{
    private static readonly string[] HttpNamespaces =
        ["Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Mvc", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting"];

    /// <summary>Entities that are no feature's own: every feature writes them through the type named here.</summary>
    private static readonly string[] Shared = ["Data", "Messaging"];

    [Fact]
    public void Core_KnowsNoHttp()
    {
        var types = CodeUnderTest.Types(CodeUnderTest.Core).ToList();
        Assert.True(types.Count > 50, $"Only {types.Count} types in Core: the test does not see the code.");
        Assert.Contains(typeof(DbContext), types.SelectMany(type => IlReferences.Of(type)));

        var offences = from type in types
                       from used in IlReferences.Of(type)
                       where HttpNamespaces.Any(n => used.Namespace == n || used.Namespace?.StartsWith(n + ".", StringComparison.Ordinal) == true)
                       select $"{type.FullName} uses {used.FullName}";
        Assert.Empty(offences);
    }

    [Fact]
    public void Entities_AreTouchedByTheirOwnFeatureOnly()
    {
        var entities = EntityTypes().Where(e => !Shared.Contains(CodeUnderTest.Feature(e), StringComparer.Ordinal)).ToHashSet();
        Assert.True(entities.Select(CodeUnderTest.Feature).Distinct(StringComparer.Ordinal).Count() > 3, "Too few features with entities: the test does not see the model.");

        var checkedUses = 0;
        var offences = new List<string>();
        foreach (var type in CodeUnderTest.Types(CodeUnderTest.Core, CodeUnderTest.Api, CodeUnderTest.Worker).Where(t => t != typeof(FitTrackDbContext)))
        {
            // A foreign key to another feature's table is part of the model, and named in the configuration only.
            foreach (var entity in IlReferences.Of(type, without: "Configure").Where(entities.Contains))
            {
                checkedUses++;
                var feature = CodeUnderTest.Feature(type);
                if (feature != CodeUnderTest.Feature(entity) && !Allowed.Folders.Contains(feature ?? "") && !Allowed.Uses.Contains($"{feature} → {entity.Name}"))
                    offences.Add($"{type.FullName} → {entity.Name}");
            }
        }

        Assert.True(checkedUses > 20, "Too few uses of entities: the test does not see the code.");
        Assert.True(offences.Count == 0, "Go through the other feature's use cases, or give a reason in Allowed.cs:\n" + string.Join('\n', offences.Distinct(StringComparer.Ordinal)));
    }

    [Fact]
    public void Exceptions_ToTheEntityRule_AreAllInUse()
    {
        var entities = EntityTypes().ToHashSet();
        var uses = (from type in CodeUnderTest.Types(CodeUnderTest.Core, CodeUnderTest.Api, CodeUnderTest.Worker)
                    from entity in IlReferences.Of(type).Where(entities.Contains)
                    select $"{CodeUnderTest.Feature(type)} → {entity.Name}").ToHashSet(StringComparer.Ordinal);
        Assert.All(Allowed.Uses, use => Assert.Contains(use, uses));
    }

    [Fact]
    public void Classes_AreSealed()
    {
        var classes = CodeUnderTest.Types(CodeUnderTest.Core, CodeUnderTest.Api, CodeUnderTest.Worker, CodeUnderTest.ServiceDefaults)
            .Where(t => t is { IsClass: true, IsAbstract: false, IsNested: false } && !typeof(Delegate).IsAssignableFrom(t)).ToList();
        Assert.NotEmpty(classes);
        var bases = classes.Concat(typeof(BoundaryTests).Assembly.GetTypes()).Select(t => t.BaseType).OfType<Type>().Select(t => t.IsGenericType ? t.GetGenericTypeDefinition() : t).ToHashSet();
        Assert.Empty(classes.Where(t => !t.IsSealed && !bases.Contains(t) && t.Name != "Program").Select(t => t.FullName));
    }

    [Fact]
    public void Api_ShowsOnlyItsContract()
    {
        // Requests and answers are public because the built-in validation skips internal types without a word; nothing else needs to be.
        var types = CodeUnderTest.Types(CodeUnderTest.Api).Where(t => t.IsPublic && t.Name is not ("Program" or "ApiMarker")).ToList();
        Assert.NotEmpty(types);
        var allowed = types.Where(t => t.IsInterface || t.IsEnum || IsRecord(t) || t.Name.EndsWith("Options", StringComparison.Ordinal)
            || typeof(Delegate).IsAssignableFrom(t) || typeof(Attribute).IsAssignableFrom(t));
        Assert.Empty(types.Except(allowed).Select(t => t.FullName));
    }

    [Fact]
    public async Task Requests_ArePublicSealedRecords()
    {
        await using var factory = new ApiFactory("Host=127.0.0.1;Port=9;Username=none;Database=none;Timeout=2");
        var bodies = (from endpoint in factory.Services.GetRequiredService<EndpointDataSource>().Endpoints
                      from accepts in endpoint.Metadata.OfType<IAcceptsMetadata>()
                      where accepts.RequestType?.Assembly == CodeUnderTest.Api
                      select accepts.RequestType).Distinct().ToList();
        Assert.NotEmpty(bodies);
        Assert.All(bodies, body => Assert.True(body is { IsPublic: true, IsSealed: true } && IsRecord(body), $"{body} must be a public sealed record."));
    }

    [Fact]
    public async Task Parameters_ThatAreOptionalAreText()
    {
        // The generated handlers answer an optional number that is none with a bare 400, which names no field.
        await using var factory = new ApiFactory("Host=127.0.0.1;Port=9;Username=none;Database=none;Timeout=2");
        var parameters = factory.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .SelectMany(endpoint => endpoint.Metadata.OfType<IParameterBindingMetadata>().Select(parameter => (Endpoint: endpoint.DisplayName, parameter))).ToList();
        Assert.Contains(parameters, p => p.parameter is { HasTryParse: true, IsOptional: false });
        Assert.Empty(parameters.Where(p => p.parameter is { HasTryParse: true, IsOptional: true }).Select(p => $"{p.Endpoint}: {p.parameter.Name}"));
    }

    [Fact]
    public void Code_TakesTimeFromTheClock()
    {
        var types = CodeUnderTest.Types(CodeUnderTest.Core, CodeUnderTest.Api, CodeUnderTest.Worker, CodeUnderTest.Web, CodeUnderTest.ServiceDefaults).ToList();
        var calls = types.SelectMany(t => IlReferences.CallsOf(t).Select(call => (Type: t, Call: call))).ToList();
        Assert.Contains(calls, c => c.Call == "System.TimeProvider.GetUtcNow");
        string[] forbidden = ["System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.DateTime.get_Today"];
        Assert.Empty(calls.Where(c => forbidden.Contains(c.Call, StringComparer.Ordinal)).Select(c => $"{c.Type.FullName} calls {c.Call}").Distinct(StringComparer.Ordinal));
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null);

    private static IEnumerable<Type> EntityTypes()
    {
        using var db = TestDatabase.Open("Host=none");
        return [.. db.Model.GetEntityTypes().Select(e => e.ClrType)];
    }
}
