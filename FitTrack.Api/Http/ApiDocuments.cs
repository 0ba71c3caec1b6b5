namespace FitTrack.Api.Http;

/// <summary>OpenAPI at <c>/openapi/v1.json</c>, Swagger UI at <c>/docs</c>, ReDoc at <c>/redoc</c>; everything from packages, nothing from outside.</summary>
internal static class ApiDocuments
{
    private const string Address = "/openapi/v1.json";

    public static void AddApiDocuments(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer<DocumentTransformer>();
        options.AddOperationTransformer<OperationTransformer>();
        options.AddSchemaTransformer<SchemaTransformer>();
    });

    /// <summary>The pages are served ahead of routing, so their many small files are not counted against anybody's limit.</summary>
    public static void UseApiDocuments(this WebApplication app)
    {
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "FitTrack API";
            options.SwaggerEndpoint(Address, "FitTrack API v1");
            options.EnableTryItOutByDefault();
            options.DisplayRequestDuration();
        });
        app.UseReDoc(options =>
        {
            options.RoutePrefix = "redoc";
            options.DocumentTitle = "FitTrack API reference";
            options.SpecUrl = Address;
        });
    }

    public static void MapApiDocuments(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous().DisableRateLimiting();
}
