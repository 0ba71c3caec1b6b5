using FitTrack.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Fulfillments;

public static class FulfillmentRegistration
{
    public static IServiceCollection AddFulfillments(this IServiceCollection services) => services
        .AddSingleton<FulfillmentSecrets>().AddScoped<AwardPrizes>().AddScoped<PassPrizeOn>().AddScoped<HandleFulfillment>().AddScoped<ExportWinners>()
        .AddScoped<DueFulfillment>().AddSingleton<RunDueFulfillments>().AddScoped<IWorkBacklog, DueFulfillments>();
}
