Console.WriteLine("FitTrack");
