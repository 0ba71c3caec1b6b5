namespace FitTrack.Api;

/// <summary>Names this program to tests, since every top-level <c>Program</c> is called the same.</summary>
public sealed class ApiMarker;
