using System.Text;
using System.Text.RegularExpressions;

namespace FitTrack.Api.Http;

/// <summary>OpenAPI at <c>/openapi/v1.json</c>, Swagger UI at <c>/docs</c>, ReDoc at <c>/redoc</c>; everything from packages, nothing from outside.</summary>
internal static partial class ApiDocuments
{
    /// <summary>Both pages style their elements inline, and ReDoc searches in a worker made of a blob. What ReDoc would tell its maker is refused here.</summary>
    private const string VendorPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; "
        + "object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

    private const string Address = "/openapi/v1.json";

    public static void AddApiDocuments(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer<DocumentTransformer>();
        options.AddOperationTransformer<OperationTransformer>();
        options.AddSchemaTransformer<SchemaTransformer>();
    });

    /// <summary>
    /// The pages are served ahead of routing, so their many small files are not counted against anybody's limit, and in a branch of
    /// their own, so that no other request pays for them.
    /// </summary>
    public static void UseApiDocuments(this WebApplication app) => app.UseWhen(
        static context => context.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/redoc", StringComparison.Ordinal),
        static pages =>
        {
            pages.Use(static (HttpContext context, RequestDelegate next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = VendorPolicy;
                return next(context);
            });
            pages.UseSwaggerUI(options =>
            {
                options.RoutePrefix = "docs";
                options.DocumentTitle = "FitTrack API";
                options.SwaggerEndpoint(Address, "FitTrack API v1");
                options.EnableTryItOutByDefault();
                options.DisplayRequestDuration();
            });
            pages.UseReDoc(options =>
            {
                options.RoutePrefix = "redoc";
                options.DocumentTitle = "FitTrack API reference";
                options.SpecUrl = Address;
                var packaged = options.IndexStream;
                options.IndexStream = () => WithoutForeignFonts(packaged());
            });
        });

    /// <summary>ReDoc's page asks Google for two fonts; nobody who reads our documentation is to be told to Google.</summary>
    private static MemoryStream WithoutForeignFonts(Stream page)
    {
        using var reader = new StreamReader(page);
        var html = ForeignStyleSheet().Replace(reader.ReadToEnd(), "");
        return new MemoryStream(Encoding.UTF8.GetBytes(html));
    }

    [GeneratedRegex("""<link[^>]+href="https?://[^>]+>""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ForeignStyleSheet();

    public static void MapApiDocuments(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous().DisableRateLimiting();
}
