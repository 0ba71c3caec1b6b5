using FitTrack.Worker.Commands;

return await CommandLine.RunAsync(args);
