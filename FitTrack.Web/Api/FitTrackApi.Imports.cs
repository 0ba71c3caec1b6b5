namespace FitTrack.Web.Api;

public sealed record ImportRow(Guid Id, string Kind, string? FileName, string Status, int Added, int Updated, int Skipped, int Failed, DateTimeOffset CreatedAt);

public sealed record Import(
    Guid Id, string Kind, string? FileName, string Status, string? Error, int Added, int Updated, int Skipped, int Failed, DateTimeOffset CreatedAt,
    IReadOnlyList<ImportLine> Log, IReadOnlyList<ImportedActivity> Activities);

public sealed record ImportLine(string Item, string Outcome, string? Reason);

public sealed record ImportedActivity(Guid Id, string? Kind, DateTimeOffset StartedAt, int MovingSeconds, double? DistanceMeters);

/// <summary>Files of earlier training.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<Page<ImportRow>>> GetImportsAsync(int page, CancellationToken ct) => GetAsync<Page<ImportRow>>($"imports?page={page}&per_page=10", ct);

    public Task<ApiResult<Import>> GetImportAsync(Guid id, CancellationToken ct) => GetAsync<Import>($"imports/{id}", ct);

    /// <param name="file">Goes on as it comes; the Api decides what it is.</param>
    /// <param name="kind">The sport of what the file gives none for.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ApiResult<Import>> UploadAsync(IFormFile file, string? kind, CancellationToken ct)
    {
        using var form = new MultipartFormDataContent();
        using var content = new StreamContent(file.OpenReadStream());
        form.Add(content, "file", Path.GetFileName(file.FileName) is { Length: > 0 } name ? name : "file");
        if (!string.IsNullOrEmpty(kind))
            form.Add(new StringContent(kind), "kind");
        return await SendAsync<Import>(HttpMethod.Post, "imports", form, authorize: true, ct);
    }

    public Task<ApiResult<object>> UndoImportAsync(Guid id, CancellationToken ct) => SendAsync<object>(HttpMethod.Delete, $"imports/{id}", body: null, authorize: true, ct);
}
