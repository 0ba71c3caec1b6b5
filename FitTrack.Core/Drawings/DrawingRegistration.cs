using FitTrack.Core.Accounts;
using FitTrack.Core.Drawings.Entering;
using FitTrack.Core.Drawings.Publishing;
using FitTrack.Core.Drawings.Running;
using FitTrack.Core.Drawings.Templates;
using FitTrack.Core.Messaging;
using FitTrack.Core.Notifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitTrack.Core.Drawings;

public static class DrawingRegistration
{
    public static IServiceCollection AddDrawings(this IServiceCollection services)
    {
        services.AddOptions<DrawingOptions>().BindConfiguration(DrawingOptions.Section).ValidateDataAnnotations().ValidateOnStart()
            .Validate(static drawings => drawings.Beacon.MirrorsAreUsable, "Drawings:Beacon:Mirrors must be two or more different http or https addresses, or none.")
            .Validate(static drawings => drawings.TimestampAuthorityIsUsable, "Drawings:TimestampAuthority must be an http or https address, or not set.");
        services.AddSingleton<DrawingMetrics>().AddSingleton<DrawingSecrets>();
        services.AddHttpClient<IBeacon, DrandBeacon>(DrandBeacon.Configure);
        services.AddHttpClient<TimestampAuthority>(TimestampAuthority.Configure);
        services.TryAddScoped<MemberStandings>();
        services.TryAddScoped<MemberDirectory>();
        services.TryAddScoped<AuditLog>();
        services.TryAddScoped<Outbox>();

        services.AddSingleton<DrawingFactsCache>().AddSingleton<EntrantFactsCache>();
        services.AddScoped<StateEligibility>().AddScoped<EntrantEligibility>().AddScoped<EntryCounters>().AddScoped<EnterDrawing>();

        services.AddScoped<OfficialRules>().AddScoped<PublishRules>().AddScoped<DrawingAlternates>().AddScoped<DrawKeys>().AddScoped<DrawingProofs>();
        services.AddScoped<EntropySources>().AddScoped<DrawingSteps>().AddScoped<SalesGates>().AddScoped<TicketNumbering>();
        services.AddScoped<WriteDrawing>().AddScoped<ScheduleDrawing>().AddScoped<OpenDrawing>().AddScoped<CloseDrawing>();
        services.AddScoped<WriteSponsor>().AddScoped<PrizeAccount>().AddScoped<WriteTemplate>().AddScoped<MakeDrawings>();
        services.AddSingleton<RunDueDrawings>().AddScoped<IWorkBacklog, DueDrawings>().AddScoped<IWorkBacklog, LateDrawings>();
        return services.AddScoped<RefundTickets>().AddScoped<CancelDrawing>().AddScoped<DrawResults>().AddScoped<ExecuteDraw>().AddScoped<StampManifests>();
    }
}
