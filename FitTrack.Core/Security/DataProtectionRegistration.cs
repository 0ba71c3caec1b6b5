using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Security;

public static class DataProtectionRegistration
{
    /// <summary>Api and Worker read each other's protected values only under one name.</summary>
    private const string ApplicationName = "FitTrack";

    /// <summary>
    /// DataProtection with AES-256-GCM (its default is CBC with an HMAC), the key ring in the database, wrapped by
    /// <c>Security:MasterKey</c>; the start is refused without a usable one (<see cref="SecurityOptions"/>).
    /// </summary>
    public static IServiceCollection AddFitTrackDataProtection(this IServiceCollection services)
    {
        services.AddOptions<SecurityOptions>().BindConfiguration(SecurityOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SecurityOptions>, SecurityOptionsValidator>();
        services.AddSingleton<DatabaseKeyRing>().AddSingleton<MasterKeyXmlEncryptor>();
        services.AddDataProtection()
            .SetApplicationName(ApplicationName)
            .UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration
            {
                EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM,
                ValidationAlgorithm = ValidationAlgorithm.HMACSHA256,
            });
        services.AddOptions<KeyManagementOptions>().Configure<DatabaseKeyRing, MasterKeyXmlEncryptor>((options, ring, encryptor) =>
        {
            options.XmlRepository = ring;
            options.XmlEncryptor = encryptor;
        });
        return services;
    }

    /// <summary>
    /// Makes the first key of an empty ring. <c>migrate</c> calls it before other programs start, so that two of them do not
    /// each make one and then take minutes to learn the other's.
    /// </summary>
    public static void EnsureDataProtectionKey(this IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("FitTrack.FirstKey").Protect([1]);
}
