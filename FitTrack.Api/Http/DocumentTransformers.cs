using System.Text.Json.Nodes;
using FitTrack.Core.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;

namespace FitTrack.Api.Http;

internal sealed class DocumentTransformer : IOpenApiDocumentTransformer
{
    internal const string Bearer = "Bearer";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "FitTrack API",
            Version = "v1",
            Description = "Members earn points from activity, rank on leaderboards and spend points on drawings that anyone can check. "
                + "Every failure is a problem document (RFC 9457) with a `traceId`; status 422 lists the fields.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The accessToken of POST /api/v1/auth/login.",
        };
        return Task.CompletedTask;
    }
}

/// <summary>Adds to each operation what its endpoint's metadata says: sign-in, limits, list parameters, idempotency; and gives every problem its schema.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        operation.Responses ??= [];

        if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentTransformer.Bearer, context.Document)] = [] }];
            operation.Responses.TryAdd("401", new OpenApiResponse { Description = "Authentication required, token expired, or invalid token" });
            if (metadata.OfType<IAuthorizeData>().Any(a => a.Policy is not null || a.Roles is not null))
                operation.Responses.TryAdd("403", new OpenApiResponse { Description = "Insufficient permissions" });
        }

        if (operation.RequestBody is not null)
        {
            operation.Responses.TryAdd("400", new OpenApiResponse { Description = "The body is not the JSON asked for" });
            operation.Responses.TryAdd("422", new OpenApiResponse { Description = "One or more fields are not acceptable" });
        }

        if (!metadata.OfType<DisableRateLimitingAttribute>().Any())
            operation.Responses.TryAdd("429", new OpenApiResponse { Description = "Too many requests" });
        if (metadata.OfType<IdempotentMetadata>().Any())
            operation.Parameters.Add(Parameter(IdempotencyHeader.Name, ParameterLocation.Header, JsonSchemaType.String, "Repetitions with the same key within 24 hours get the first answer."));
        if (metadata.OfType<ConditionalMetadata>().Any())
            operation.Parameters.Add(Parameter("If-Match", ParameterLocation.Header, JsonSchemaType.String, "The ETag that was read; 412 if the resource changed since."));
        if (metadata.OfType<IListSpec>().LastOrDefault() is { } list)
            AddListParameters(operation, list);
        if (metadata.OfType<PageMetadata>().LastOrDefault() is { } pages)
            AddPageParameters(operation, pages.DefaultPerPage);

        var problem = await context.GetOrCreateSchemaAsync(typeof(ApiProblem), cancellationToken: cancellationToken);
        foreach (var (status, response) in operation.Responses)
        {
            if (status[0] is '4' or '5' && response is OpenApiResponse { Content: null or { Count: 0 } } bare)
                bare.Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [ApiProblem.ContentType] = new() { Schema = problem } };
        }
    }

    private static void AddListParameters(OpenApiOperation operation, IListSpec list)
    {
        AddPageParameters(operation, ListRequest.DefaultPerPage);
        if (list.Sorts.Any())
        {
            operation.Parameters!.Add(Parameter("sort", ParameterLocation.Query, JsonSchemaType.String,
                $"Fields by comma, each with - for descending: {string.Join(", ", list.Sorts)}." + (list.DefaultSort.Length > 0 ? $" If not given: {list.DefaultSort}." : "")));
        }

        foreach (var (field, type) in list.Filters)
            operation.Parameters!.Add(Parameter($"filter[{field}]", ParameterLocation.Query, JsonSchemaType.String, $"The value is {ListValue.Describe(type)}."));
    }

    private static void AddPageParameters(OpenApiOperation operation, int perPage)
    {
        operation.Parameters!.Add(Parameter("page", ParameterLocation.Query, JsonSchemaType.Integer, "From 1."));
        operation.Parameters.Add(Parameter("per_page", ParameterLocation.Query, JsonSchemaType.Integer, $"1 to 100; {perPage} if not given."));
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation where, JsonSchemaType type, string description) => new()
    {
        Name = name,
        In = where,
        Description = description,
        Schema = new OpenApiSchema { Type = type },
    };
}

/// <summary>Says what the exporter cannot see through our converters (<see cref="ApiJson"/>), and adds the examples.</summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var (jsonType, format) = plain switch
        {
            _ when plain == typeof(string) => (JsonSchemaType.String, schema.Format),
            _ when plain == typeof(double) => (JsonSchemaType.Number, "double"),
            _ when plain == typeof(DateTimeOffset) => (JsonSchemaType.String, "date-time"),
            _ => (schema.Type, schema.Format),
        };
        var mayBeNull = plain != type || (schema.Type?.HasFlag(JsonSchemaType.Null) ?? false);
        schema.Type = mayBeNull ? jsonType | JsonSchemaType.Null : jsonType;
        schema.Format = format;
        if (plain.IsEnum && schema.Enum is null or { Count: 0 })
            schema.Enum = [.. Enum.GetNames(plain).Select(name => (JsonNode)Naming.Snake(name))];
        if (context.JsonPropertyInfo is { } property && SchemaExamples.For(property.Name, plain) is { } value)
            schema.Examples = [value];
        if (context.JsonPropertyInfo is null && type.GetCustomAttributes(typeof(SchemaExampleAttribute), inherit: false) is [SchemaExampleAttribute example])
            schema.Examples = [JsonNode.Parse(example.Json)!];
        return Task.CompletedTask;
    }
}
