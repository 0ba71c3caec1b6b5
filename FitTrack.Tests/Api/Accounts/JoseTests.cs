using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

/// <summary>A library that is not ours, npm's jose, reads our tokens and forges them.</summary>
public sealed class JoseTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly NodeTool Jose = new(Path.Combine(Repository.Root, "FitTrack.Tests", "Api", "Accounts", "jose"), "jose");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tokens_WhenReadAndForgedByJose_AreTakenAndRefusedRightly()
    {
        var member = await api.NewMemberAsync();
        var jwks = await api.NewClient().GetJsonAsync("/.well-known/jwks.json");
        var kid = JsonElement.Parse(Base64Url.DecodeFromChars(member.AccessToken.Split('.')[0])).GetProperty("kid").GetString();
        var now = api.Clock.Now.ToUnixTimeSeconds();
        var input = new { jwks, token = member.AccessToken, issuer = "fittrack", audience = "fittrack-api", privateKey = await PrivateKeyAsync(), kid, now };
        var answer = JsonElement.Parse(await Jose.RunAsync("tokens.mjs", JsonSerializer.Serialize(input), Ct));

        Assert.Equal(member.Id, answer.GetProperty("payload").GetProperty("sub").GetGuid());
        Assert.Equal((member.Email, "user"), (answer.GetProperty("payload").GetProperty("email").GetString(), answer.GetProperty("payload").GetProperty("role").GetString()));
        Assert.Equal("RS256", answer.GetProperty("protectedHeader").GetProperty("alg").GetString());
        Assert.True(answer.GetProperty("refusesChange").GetBoolean());

        var made = answer.GetProperty("made").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetString()!, StringComparer.Ordinal);
        Assert.Equal(15, made.Count);
        var verdicts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, token) in made)
            verdicts[name] = await VerdictAsync(token);
        // One token of jose's is taken, so the others are refused for their fault and not for who made them.
        Assert.Equal("taken", verdicts["good"]);
        Assert.Equal("Token expired", verdicts["expired"]);
        Assert.Empty(verdicts.Where(v => v.Key is not ("good" or "expired") && v.Value != "Invalid token").Select(v => $"{v.Key}: {v.Value}"));
    }

    private async Task<string> VerdictAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/users/me") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var client = api.NewClient();
        using var response = await client.SendAsync(request, Ct);
        return response.IsSuccessStatusCode ? "taken" : (await response.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail!;
    }

    private async Task<string> PrivateKeyAsync()
    {
        await using var scope = api.Factory.NewScope();
        var keys = scope.ServiceProvider.GetRequiredService<SigningKeys>();
        using var key = keys.Open((await keys.LoadAsync(Ct))[0]);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
