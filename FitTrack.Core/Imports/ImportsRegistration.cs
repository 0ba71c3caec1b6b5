using FitTrack.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Imports;

public static class ImportsRegistration
{
    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.AddOptions<ImportOptions>().BindConfiguration(ImportOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddScoped<ImportUploads>()
            .AddScoped<IWorkBacklog>(s => s.GetRequiredService<ImportUploads>())
            .AddScoped<RunImports>()
            .AddScoped<UndoImport>();
    }
}
