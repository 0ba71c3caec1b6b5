using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Swashbuckle.AspNetCore.ReDoc;

namespace FitTrack.Api.Http;

/// <summary>OpenAPI at <c>/openapi/v1.json</c>, Swagger UI at <c>/docs</c>, ReDoc at <c>/redoc</c>; everything from packages, nothing from outside.</summary>
internal static partial class ApiDocuments
{
    /// <summary>Both pages style their elements inline, and ReDoc searches in a worker made of a blob.</summary>
    private const string VendorPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; "
        + "object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>ReDoc compiles its search.</summary>
    private const string ReDocPolicy = "script-src 'self' 'unsafe-eval'; " + VendorPolicy;

    private const string Address = "/openapi/v1.json";
    private const string ReDocScript = "redoc.standalone.js";

    /// <summary>ReDoc names its maker by a picture from the maker's server. Here the name is a picture of our own.</summary>
    private const string MakersName = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='60' height='16'%3E%3Ctext y='12' font-family='sans-serif' font-size='12' fill='gray'%3ERedocly%3C/text%3E%3C/svg%3E";

    private static readonly Lazy<byte[]> HomelyReDoc = new(ReadReDoc);

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
                context.Response.Headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/redoc", StringComparison.Ordinal) ? ReDocPolicy : VendorPolicy;
                return next(context);
            });
            pages.UseWhen(static context => context.Request.Path == "/redoc/" + ReDocScript, static script => script.Run(static context =>
            {
                (context.Response.ContentType, context.Response.Headers.CacheControl) = ("text/javascript", "public, max-age=3600");
                return context.Response.Body.WriteAsync(HomelyReDoc.Value, context.RequestAborted).AsTask();
            }));
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
                options.HeadContent = "<link rel=\"icon\" href=\"data:,\">";
                options.ConfigObject.AdditionalItems["disableTelemetry"] = true;
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

    private static byte[] ReadReDoc()
    {
        var package = typeof(ReDocOptions).Assembly;
        var name = package.GetManifestResourceNames().Single(n => n.EndsWith(ReDocScript, StringComparison.Ordinal));
        using var packed = new GZipStream(package.GetManifestResourceStream(name)!, CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        return Encoding.UTF8.GetBytes(MakersPicture().Replace(reader.ReadToEnd(), MakersName));
    }

    [GeneratedRegex(@"https://cdn\.redoc\.ly/redoc/logo-mini(-full)?\.svg", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex MakersPicture();

    [GeneratedRegex("""<link[^>]+href="https?://[^>]+>""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ForeignStyleSheet();

    public static void MapApiDocuments(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous().DisableRateLimiting();
}
