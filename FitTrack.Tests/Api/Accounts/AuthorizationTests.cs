using System.Net.Http.Headers;
using System.Text.Json;
using FitTrack.Api.Accounts;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

/// <summary>Who gets in where: every operation of the OpenAPI document, called by everybody, against what is written in <see cref="Admissions"/>.</summary>
public sealed class AuthorizationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryOperation_CalledByEverybody_LetsInWhomItShould()
    {
        var operations = await OperationsAsync();
        Assert.True(operations.Count > 40, $"Only {operations.Count} operations: the test does not see the document.");
        var unwritten = operations.Except(Admissions.All.Keys, StringComparer.Ordinal).ToList();
        Assert.True(unwritten.Count == 0, "Say in Admissions.cs who may call:\n" + string.Join('\n', unwritten));
        Assert.Empty(Admissions.All.Keys.Except(operations, StringComparer.Ordinal));

        var wrong = new List<string>();
        foreach (var operation in operations)
        {
            var admission = Admissions.All[operation];
            foreach (var role in new UserRole?[] { null, UserRole.User, UserRole.Premium, UserRole.Admin })
            {
                var (verdict, status) = await CallAsync(operation, role);
                if (verdict != Expected(admission, role) || status >= 500)
                    wrong.Add($"{operation} ({admission}) answers {role?.ToString() ?? "nobody"}: {verdict}, {status}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("Testing")]
    [InlineData("Development")]
    public async Task EveryEndpoint_DocumentedOrNot_SaysWhoMayCallIt(string environment)
    {
        await using var factory = new ApiFactory(api.Database.ConnectionString) { EnvironmentName = environment };
        var endpoints = factory.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.NotEmpty(endpoints);
        Assert.Empty(endpoints.Where(e => e.Metadata.GetMetadata<IAuthorizeData>() is null && e.Metadata.GetMetadata<IAllowAnonymous>() is null).Select(e => e.DisplayName));

        // Also where no document lists them: what begins with /admin is for administrators. Seeding asks by itself, since it brings the first (DemoDataTests).
        var admins = endpoints.Where(e => e.RoutePattern.RawText!.Contains("/admin/", StringComparison.Ordinal) && !e.RoutePattern.RawText.EndsWith("/admin/seed", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(admins);
        Assert.Empty(admins.Where(e => e.Metadata.OfType<IAuthorizeData>().All(a => a.Policy != Policies.Admin) || e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(e => e.DisplayName));
    }

    private static Verdict Expected(Admission admission, UserRole? role) => (admission, role) switch
    {
        (Admission.Everybody, _) => Verdict.LetIn,
        (_, null) => Verdict.AskedToSignIn,
        (Admission.Admins, not UserRole.Admin) => Verdict.Forbidden,
        _ => Verdict.LetIn,
    };

    /// <summary>Nothing is there and no body is sent: whoever is let in hears about that, and changes nothing.</summary>
    private async Task<(Verdict Verdict, int Status)> CallAsync(string operation, UserRole? role)
    {
        var (method, path) = (operation.Split(' ')[0], Admissions.Fill(operation.Split(' ')[1], Guid.NewGuid()));
        using var client = api.NewClient();
        if (role is { } some)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(some));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        var detail = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonElement.Parse(await response.Content.ReadAsStringAsync(Ct)).GetProperty("detail").GetString() : null;
        var verdict = ((int)response.StatusCode, detail) switch
        {
            (401, "Authentication required" or "Invalid token" or "Token expired") => Verdict.AskedToSignIn,
            (403, "Insufficient permissions") => Verdict.Forbidden,
            _ => Verdict.LetIn,
        };
        return (verdict, (int)response.StatusCode);
    }

    /// <summary>A token as the Api signs it, of a session of its own, so that signing out ends no other call's.</summary>
    private async Task<string> TokenAsync(UserRole role)
    {
        var grant = new SessionGrant(Guid.NewGuid(), "somebody@example.com", role, Guid.NewGuid(), "", api.Clock.Now);
        return await api.Factory.Services.GetRequiredService<AccessTokens>().IssueAsync(grant, Ct);
    }

    private async Task<List<string>> OperationsAsync()
    {
        using var client = api.NewClient();
        var document = await client.GetJsonAsync("/openapi/v1.json");
        return [.. from path in document.GetProperty("paths").EnumerateObject()
                   from operation in path.Value.EnumerateObject()
                   select $"{operation.Name.ToUpperInvariant()} {path.Name}"];
    }

    private enum Verdict
    {
        LetIn,
        AskedToSignIn,
        Forbidden,
    }
}
