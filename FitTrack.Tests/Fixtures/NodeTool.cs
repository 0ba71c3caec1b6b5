using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// A small Node program beside the tests. Its packages, pinned by its lock file, are installed on first use into <c>artifacts/</c>; where
/// there is no Node or no registry, the test that asks is skipped and says so.
/// </summary>
/// <param name="source">Folder with package.json, package-lock.json and the program.</param>
/// <param name="name">Of the folder in <c>artifacts/</c>.</param>
internal sealed class NodeTool(string source, string name)
{
    private readonly SemaphoreSlim _installing = new(1);

    /// <summary>Where it is installed; results may be kept there.</summary>
    public string Folder { get; } = Path.Combine(Repository.Root, "artifacts", name);

    /// <summary>What the program writes when it reads <paramref name="input"/>.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public async Task<string> RunAsync(string program, string input, CancellationToken ct)
    {
        await InstallAsync(ct);
        return await EndAsync("node", input, ct, program);
    }

    public async Task InstallAsync(CancellationToken ct)
    {
        await _installing.WaitAsync(ct);
        try
        {
            Directory.CreateDirectory(Folder);
            var wanted = await File.ReadAllTextAsync(Path.Combine(source, "package-lock.json"), ct);
            var marker = Path.Combine(Folder, "installed-lock.json");
            var isInstalled = File.Exists(marker) && await File.ReadAllTextAsync(marker, ct) == wanted;
            foreach (var file in Directory.GetFiles(source))
                File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)), overwrite: true);
            if (isInstalled)
                return;
            await EndAsync("npm", "", ct, "ci", "--no-audit", "--no-fund", "--ignore-scripts");
            await File.WriteAllTextAsync(marker, wanted, ct);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            Assert.Skip($"{name} could not be installed: {exception.Message}");
        }
        finally
        {
            _installing.Release();
        }
    }

    /// <summary>A program in the tool's folder, to talk to.</summary>
    /// <exception cref="Win32Exception">It is not there.</exception>
    public Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;

    private async Task<string> EndAsync(string program, string input, CancellationToken ct, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.StandardInput.WriteAsync(input.AsMemory(), ct);
        process.StandardInput.Close();
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? await output : throw new IOException($"{program} {arguments[0]} failed: {(await error).Trim()}");
    }
}
