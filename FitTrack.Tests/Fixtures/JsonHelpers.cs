using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FitTrack.Api.Http;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>Sending and reading JSON as a client would, with assertions that show the answer when they fail.</summary>
public static class JsonHelpers
{
    /// <summary>The Api's own rules for JSON.</summary>
    public static readonly JsonSerializerOptions Json = MakeOptions();

    public static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Sends the value as JSON; null sends no body.</summary>
    public static async Task<HttpResponseMessage> SendJsonAsync(this HttpClient client, HttpMethod method, string url, object? value, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        if (value is not null)
            request.Content = JsonContent.Create(value, value.GetType(), new MediaTypeHeaderValue("application/json"), Json);
        foreach (var (name, text) in headers)
            request.Headers.TryAddWithoutValidation(name, text);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string url, object? value, params (string Name, string Value)[] headers) =>
        client.SendJsonAsync(HttpMethod.Post, url, value, headers);

    public static Task<HttpResponseMessage> PutJsonAsync(this HttpClient client, string url, object? value, params (string Name, string Value)[] headers) =>
        client.SendJsonAsync(HttpMethod.Put, url, value, headers);

    /// <summary>The body of a success, as an element that outlives the answer.</summary>
    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"Expected {(int)expected}, got {(int)response.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK) =>
        (await response.ReadJsonAsync(expected)).Deserialize<T>(Json) ?? throw new InvalidOperationException("The body is null.");

    /// <summary>GET that must succeed.</summary>
    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string url)
    {
        using var response = await client.GetAsync(url, TestContext.Current.CancellationToken);
        return await response.ReadJsonAsync();
    }

    /// <summary>Checks everything that every problem must have, and returns it.</summary>
    public static async Task<ApiProblem> ReadProblemAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"Expected {(int)expected}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<ApiProblem>(text, Json);
        Assert.NotNull(problem);
        Assert.Equal((int)expected, problem.Status);
        Assert.False(string.IsNullOrWhiteSpace(problem.Type));
        Assert.False(string.IsNullOrWhiteSpace(problem.Title));
        Assert.False(string.IsNullOrWhiteSpace(problem.Detail));
        Assert.False(string.IsNullOrWhiteSpace(problem.TraceId));
        return problem;
    }

    /// <summary>422 that names exactly these fields.</summary>
    public static async Task<ApiProblem> ReadInvalidAsync(this HttpResponseMessage response, params string[] fields)
    {
        var problem = await response.ReadProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(fields.Order(StringComparer.Ordinal), (problem.Errors ?? []).Select(e => e.Field).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return problem;
    }

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        ApiJson.Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
