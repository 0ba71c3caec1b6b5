namespace FitTrack.Api.Activities;

internal static class ActivitiesApi
{
    public static IServiceCollection AddActivitiesApi(this IServiceCollection services) => services.AddSingleton<ReceiptReader>();
}
