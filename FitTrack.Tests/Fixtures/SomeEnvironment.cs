using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace FitTrack.Tests.Fixtures;

/// <summary>An environment by its name, for what asks for nothing else.</summary>
internal sealed class SomeEnvironment(string name) : IHostEnvironment
{
    public string EnvironmentName { get; set; } = name;

    public string ApplicationName { get; set; } = "";

    public string ContentRootPath { get; set; } = "";

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
