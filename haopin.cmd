@echo off
rem Windows: haopin status
setlocal
set PYTHONUTF8=1
set "PYTHONPATH=%~dp0hooks"
if not exist "%~dp0.venv\Scripts\python.exe" (
  py -3.11 -m venv "%~dp0.venv" || exit /b 1
  "%~dp0.venv\Scripts\python" -m pip install --quiet --require-hashes -r "%~dp0requirements.lock" || exit /b 1
)
"%~dp0.venv\Scripts\python" -m haopin %*
