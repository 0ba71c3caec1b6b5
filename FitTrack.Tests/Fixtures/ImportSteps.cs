using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FitTrack.Core.Imports;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>Sends files as a browser does, and reads them as the Worker does.</summary>
internal static class ImportSteps
{
    public const string Address = "/api/v1/imports";

    public static async Task<HttpResponseMessage> UploadAsync(this HttpClient client, byte[] content, string name = "file", string? kind = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } }, "file", name } };
        if (kind is not null)
            form.Add(new StringContent(kind), "kind");
        return await client.PostAsync(Address, form, TestContext.Current.CancellationToken);
    }

    /// <summary>Uploads a file that is taken, lets it be read, and returns its batch.</summary>
    public static async Task<JsonElement> ImportAsync(this ApiFactory api, HttpClient client, byte[] content, string name = "file", string? kind = null)
    {
        using var response = await client.UploadAsync(content, name, kind);
        var queued = await response.ReadJsonAsync(HttpStatusCode.Accepted);
        Assert.Equal("queued", queued.GetProperty("status").GetString());
        await api.RunImportsAsync();
        return await client.GetJsonAsync(response.Headers.Location!.ToString());
    }

    public static Task<JsonElement> ImportAsync(this ApiFactory api, HttpClient client, string content, string name = "file") => api.ImportAsync(client, SampleFiles.Bytes(content), name);

    /// <summary>What the Worker does when it is woken.</summary>
    public static async Task RunImportsAsync(this ApiFactory api)
    {
        for (var found = true; found;)
        {
            await using var scope = api.NewScope();
            found = await scope.ServiceProvider.GetRequiredService<RunImports>().RunNextAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>status, added, updated, skipped, failed.</summary>
    public static string Counts(JsonElement batch) =>
        string.Join(' ', new[] { "status", "added", "updated", "skipped", "failed" }.Select(name => batch.GetProperty(name).ToString()));
}
