using System.Net;
using FitTrack.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// The Api as it is, in this process, over a real database and with a clock that tests move. Rate limits are out of the way unless a
/// test sets them. Change <see cref="Settings"/>, <see cref="Register"/> and <see cref="EnvironmentName"/> before the first client is made.
/// </summary>
public sealed class ApiFactory : WebApplicationFactory<ApiMarker>
{
    public ApiFactory(string connectionString, TestClock? clock = null)
    {
        Clock = clock ?? new TestClock();
        Settings["ConnectionStrings:fittrack"] = connectionString;
        foreach (var kind in new[] { "Reads", "Writes", "Leaderboards" })
            Settings[$"RateLimits:{kind}"] = "1000000";
    }

    public TestClock Clock { get; }

    /// <summary>Configuration over the Api's own, by <c>Section:Key</c>.</summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Database:Provider"] = "Postgres",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Accounts:PasswordHashing:Cost"] = "4",
    };

    /// <summary>Registrations over the Api's own.</summary>
    public List<Action<IServiceCollection>> Register { get; } = [];

    public string EnvironmentName { get; set; } = "Testing";

    /// <summary>A scope of the Api's services, to call a use case directly.</summary>
    public AsyncServiceScope NewScope() => Services.CreateAsyncScope();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(EnvironmentName);
        // Host settings reach the Api before its first line runs; others would come after what it reads while registering.
        foreach (var (key, value) in Settings)
            builder.UseSetting(key, value);
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.AddTransient<IStartupFilter, RemoteAddress>();
            foreach (var register in Register)
                register(services);
        });
    }
}

/// <summary>The in-process server has no connections: this says where its requests come from.</summary>
internal sealed class RemoteAddress : IStartupFilter
{
    /// <summary>A request comes from this header's address, else from <see cref="Usual"/>. The Api itself never looks at it.</summary>
    public const string Header = "X-Test-Remote-Address";

    public const string Usual = "198.51.100.7";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(context.Request.Headers[Header].FirstOrDefault() ?? Usual);
            return rest(context);
        });
        next(app);
    };
}
