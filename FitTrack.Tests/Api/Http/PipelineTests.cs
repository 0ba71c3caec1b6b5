using System.Net;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Http;

public sealed class PipelineTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Get_WhenThereIsNoRoute_IsAProblem()
    {
        using var client = api.NewClient();
        using var response = await client.GetAsync("/api/v1/nothing", TestContext.Current.CancellationToken);
        await response.ReadProblemAsync(HttpStatusCode.NotFound);
    }
}
