using FitTrack.Core.Imports;
using FitTrack.Core.Messaging;
using Microsoft.Extensions.Options;

namespace FitTrack.Worker.Imports;

/// <summary>Reads uploaded files as they come, one at a time: the memory of one file is all that it takes.</summary>
internal sealed class ImportWorker(IServiceScopeFactory scopes, IMessageBus bus, IOptions<ImportOptions> options, TimeProvider clock, ILogger<ImportWorker> logger)
    : QueueWorker(ImportUploads.QueueName, options.Value.PollEvery, bus, clock, logger)
{
    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<RunImports>().RunNextAsync(ct);
    }
}
