using FitTrack.Core.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Notifications;

public static class NotificationsRegistration
{
    /// <summary>The outbox, and what sends: an SMTP server or SendGrid where one is configured, else the mail drop. Needs DataProtection (<c>AddFitTrackDataProtection</c>).</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        // The front end's address as the orchestrator gave it, unless somebody set the public one.
        services.AddOptions<MailOptions>().Configure<IConfiguration>((mail, configuration) =>
        {
            if (configuration[$"{MailOptions.Section}:{nameof(MailOptions.PublicUrl)}"] is null && configuration["services:web:http:0"] is { Length: > 0 } web)
                mail.PublicUrl = web;
        });
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();
        services.AddSingleton<MailDrop>().AddSingleton<SmtpSender>().AddHttpClient<SendGridSender>();
        services.AddTransient<IEmailSender>(s => s.GetRequiredService<IOptions<MailOptions>>().Value switch
        {
            { Smtp.Host.Length: > 0 } => s.GetRequiredService<SmtpSender>(),
            { SendGrid.ApiKey.Length: > 0 } => s.GetRequiredService<SendGridSender>(),
            _ => s.GetRequiredService<MailDrop>(),
        });
        return services
            .AddSingleton<MailTemplates>()
            .AddScoped<Outbox>().AddScoped<Notices>().AddScoped<OutboxDelivery>()
            .AddScoped<IWorkBacklog, OutboxBacklog>();
    }
}
